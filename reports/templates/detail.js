// One finding: what is wrong, why, in its place, what a fix would do, and the verdict on it.
function severityBadge(i) {
  const name = SEVERITIES[F.severity[i]];
  return h("span", { class: `severity ${name}` }, h("span", { class: `mark-of ${name}`, "aria-hidden": "true" }), say(`s.${name}`));
}
function verdictBadge(i) {
  const verdict = verdicts[i];
  return verdict ? h("span", { class: `decided d${verdict}` }, `${["", "✓", "✗", "–"][verdict]} ${say(D_NAMES[verdict])}`) : null;
}
function findingRow(element, i) {
  const snippet = h("p", { class: "text", dir: "auto" });
  const fill = (before, after) => {
    snippet.replaceChildren();
    put(snippet, before);
    snippet.append(put(h("mark", { class: SEVERITIES[F.severity[i]] }), middle(matchOf(i), 160)));
    put(snippet, after);
  };
  fill("", "");
  element.append(h("div", { class: "top" }, severityBadge(i), ltr(ruleOf(i), { class: "rule" }), verdictBadge(i),
    META.decided ? h("span", { class: "tag" }, say(`known.${FACET_NAMES.known()[F.decision[i]]}`)) : null,
    F.applied[i] || F.fixKind[i] === 0 ? h("span", { class: "tag" }, say("fix.fixed")) : null,
    ltr(`${placeOf(F.doc[i])}:${F.line[i]}:${F.column[i]}`, { class: "place" })), snippet);
  element.classList.toggle("judged", verdicts[i] > 0);
  const doc = F.doc[i];
  if (D.chunk[doc] < 0) return;
  setTimeout(() => { // not for rows that only fly past
    if (element.isConnected) textOf(doc).then((text) => element.isConnected && text && fill(...surroundings(i, text)), () => {});
  }, opened.has(D.chunk[doc]) ? 0 : 40);
}
let wholeGroup = false;
function detail(i, act) {
  const doc = F.doc[i], fix = F.fix[i], one = keptFor(i), group = groupOf(i).length;
  const button = (verdict, key, name) => h("button", { type: "button", class: `judge d${verdict}`, "aria-pressed": String(verdicts[i] === verdict), "aria-keyshortcuts": key, onclick: () => act.decide(verdict) },
    h("span", { "aria-hidden": "true" }, ["", "✓", "✗", "–"][verdict]), " ", name, " ", kbd(key));
  const box = h("input", { type: "checkbox", disabled: cutMatch(i), onchange: (event) => act.group(event.target.checked) });
  box.checked = wholeGroup;
  const note = h("input", { type: "text", class: "note", maxlength: 500, placeholder: say("note"), "aria-label": say("note"), disabled: !one, oninput: (event) => annotate(i, event.target.value) });
  note.value = one?.note ?? "";
  const related = h("dd"), points = h("dt", null, say("related"));
  const context = h("div", { class: "context" }, h("p", { class: "quiet" }, D.chunk[doc] < 0 ? say("notext") : say("loading")));
  if (D.chunk[doc] >= 0) textOf(doc).then((text) => {
    const places = relatedIn(i, text);
    points.hidden = related.hidden = !places.length;
    related.append(...places.slice(0, 5).map(([line, there]) => h("div", null, say("line.at", { n: String(line) }), " ", put(h("bdi", { class: "text", dir: "auto" }), middle(there, 120)))), ...(places.length > 5 ? [say("more", { x: number(places.length - 5) })] : []));
    context.replaceChildren(diffTable(doc, text, { current: i, around: 2 }));
  }, (error) => context.replaceChildren(h("p", { class: "bad", role: "alert" }, error.message)));
  return h("article", { class: "finding", "aria-labelledby": "finding-title" },
    h("header", null,
      h("div", { class: "top" }, severityBadge(i), h("span", { class: "tag" }, named(META.rules[F.rule[i]][1], "c")), h("span", { class: "tag" }, `${say("confidence")}: ${named(CONFIDENCES[F.confidence[i]], "f")}`), verdictBadge(i)),
      h("h2", { id: "finding-title" }, message(STRINGS[F.message[i]])),
      h("p", { class: "place" }, ltr(ruleOf(i), { class: "rule" }), " · ", ltr(`${placeOf(doc)}:${F.line[i]}:${F.column[i]}`), D.id[doc] === null ? null : [" · id ", ltr(D.id[doc])], F.origins.has(i) ? [" · ", ltr(F.origins.get(i))] : null)),
    h("div", { class: "judging", role: "group", "aria-label": say("verdict") }, button(RIGHT, "a", say("accept")), button(WRONG, "f", say("false")), button(SKIPPED, "s", say("skip")),
      h("button", { type: "button", class: "plain", "aria-keyshortcuts": "u", onclick: act.undo }, say("undo"), " ", kbd("u")),
      h("label", { class: "everywhere" }, box, h("span", null, say("group", { n: number(group) })), kbd("x"))),
    h("dl", null,
      STRINGS[F.why[i]] ? [h("dt", null, say("why")), h("dd", null, message(STRINGS[F.why[i]]))] : null,
      fix ? [h("dt", null, say("would")), h("dd", null, h("span", { class: "tag" }, say(`fix.${FIXES[F.fixKind[i]]}`)), " ", fixShown(i, fix))] : null,
      F.related.has(i) && D.chunk[doc] >= 0 ? [points, related] : null),
    h("h3", null, say("context")), context,
    h("div", { class: "actions" }, note,
      h("a", { class: "button", href: linkTo({ view: "text", doc, at: i }) }, say("open"), " ", kbd("o")),
      h("button", { type: "button", class: "plain", onclick: () => copy(location.href.split("#")[0] + linkTo({ at: i })) }, say("link"))));
}
function fixShown(i, [start, end, replacement]) {
  const match = matchOf(i), unit = units(match), put1 = STRINGS[replacement];
  const inside = start >= F.start[i] && end <= F.end[i] && !cutMatch(i) && match.length <= 240;
  if (!put1 && (!inside || end - start === F.end[i] - F.start[i])) return h("span", null, say("delete"));
  const [a, b] = inside ? [unit(start - F.start[i]), unit(end - F.start[i])] : [0, 0];
  const side = (tag, text) => {
    const line = h("span", { class: `text ${tag}`, dir: "auto" });
    put(line, inside ? match.slice(0, a) : "");
    if (text) line.append(put(h(tag), text));
    return inside ? put(line, match.slice(b)) : line;
  };
  return h("span", { class: "change" }, inside ? side("del", match.slice(a, b)) : null, inside ? h("span", { class: "arrow", "aria-label": "→" }, LANG === "ar" ? "←" : "→") : null, side("ins", put1));
}
async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
  } catch { // file: pages may not have it
    const area = h("textarea", { class: "unseen" });
    area.value = text;
    (document.querySelector("dialog[open]") ?? document.body).append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
  }
  toast(say("copied"));
}
