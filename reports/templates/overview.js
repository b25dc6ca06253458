// What matters first: the verdict, figures with their spread, the worst files, the busiest rules, signs of translation.
function overview() {
  const totals = META.totals, figures = META.figures;
  const given = {
    clean: {}, repaired: { x: number(totals.fixed), y: some("finding", totals.findings) }, review: { x: some("finding", totals.remaining), y: number(totals.fixed) },
    unchecked: { x: some("document", totals.unchecked), y: number(totals.fixed) },
  }[totals.verdict];
  const counts = [some("file", totals.files), some("document", totals.documents), some("finding", totals.findings)];
  const severities = SEVERITIES.map((name, at) => h("a", { class: "pill", href: linkTo({ chosen: { ...noChoice(), severity: new Set([name]) } }) }, h("span", { class: `mark-of ${name}`, "aria-hidden": "true" }), `${say(`s.${name}`)} `, h("b", null, number(totals.by_severity[name] ?? 0))));
  return h("div", { class: "page" },
    h("section", { class: `hero ${totals.verdict}` }, h("h1", null, h("span", { class: "word" }, h("span", { "aria-hidden": "true", class: "sign" }, { clean: "✓", repaired: "✓", review: "◐", unchecked: "!" }[totals.verdict]), say(`verdict.${totals.verdict}`)), h("span", { class: "about" }, say(`about.${totals.verdict}`, given))),
      h("p", { class: "counts" }, counts.join(" · ")), h("p", { class: "pills" }, severities)),
    notes(),
    h("section", { class: "tiles", "aria-label": say("overview") }, tiles(totals, figures)),
    h("div", { class: "halves" }, worstFiles(), busiestRules()),
    h("div", { class: "halves" }, categories(totals), signs()),
    uncheckedList(), madeWith());
}
function notes() {
  const lines = [];
  if (META.shown < META.seen) lines.push(say("sample.note", { x: number(META.shown), y: some("finding", META.seen) }));
  if (META.narrowed) lines.push(say("narrow.note", { x: some("document", META.narrowed) }));
  if (!saving) lines.push(say("storage"));
  return lines.map((line) => h("p", { class: "notice", role: "note" }, line));
}
function tiles(totals, figures) {
  const tile = (name, value, under, level, key = name) => h("div", { class: "tile" }, h("h2", null, say(name)), h("p", { class: "big" }, value), h("p", { class: "quiet" }, under ?? "\u00a0"), figures[key] ? histogram(figures[key], say(name), level) : null);
  const mean = (key) => say("mean", { x: some("document", figures[key].count) });
  const made = [tile("quality", totals.quality_cleaned === null ? totals.quality.toFixed(2) : h("span", null, totals.quality.toFixed(2), h("span", { class: "arrow" }, LANG === "ar" ? " ← " : " → "), totals.quality_cleaned.toFixed(2)), totals.quality_cleaned === null ? null : `${say("before")} ${LANG === "ar" ? "←" : "→"} ${say("after")}`, levelOf)];
  made.push(tile("deleted", share(totals.characters_deleted, totals.characters), say("over")));
  if (figures.density) made.push(tile("density", figures.density.mean.toFixed(1), mean("density")));
  for (const name of ["boilerplate", "duplicate"]) if (figures[name]) made.push(tile(name, share(figures[name].mean, 1), mean(name)));
  if (figures.translation) made.push(tile("translation", figures.translation.mean.toFixed(2), mean("translation")));
  return made;
}
function table(caption, heads, rows, more) {
  return h("section", { class: "card" }, h("table", null, h("caption", null, caption), h("thead", null, h("tr", null, heads.map(([name, kind]) => h("th", { scope: "col", class: kind }, name)))), h("tbody", null, rows)), more ?? null);
}
function worstFiles() {
  const files = META.files;
  const order = files.path.map((_, at) => at).filter((at) => files.documents[at] && files.findings[at]).sort((a, b) => files.quality[a] - files.quality[b] || files.findings[b] - files.findings[a]).slice(0, 10);
  const rows = order.map((at) => h("tr", null, h("th", { scope: "row" }, fileLink(at)), h("td", null, quality(files.quality[at])), h("td", { class: "number" }, number(files.findings[at])), h("td", { class: "number" }, share(files.characters_deleted[at], files.characters[at]))));
  return table(say("worst"), [[say("name")], [say("quality")], [say("findings.n"), "number"], [say("deleted"), "number"]], rows, h("p", { class: "more" }, h("a", { href: linkTo({ view: "files" }) }, say("all.files"))));
}
const firstDoc = new Map();
function fileLink(at) {
  if (!firstDoc.size) for (let doc = D.n - 1; doc >= 0; doc--) firstDoc.set(D.file[doc], doc);
  const path = META.files.path[at];
  return firstDoc.has(at) ? h("a", { href: linkTo({ view: "text", doc: firstDoc.get(at) }) }, ltr(path)) : ltr(path);
}
function busiestRules() {
  const order = META.rules.filter((rule) => rule[2]).sort((a, b) => b[2] - a[2]).slice(0, 10), most = order[0]?.[2] ?? 1;
  const rows = order.map(([rule, category, count, files]) => h("tr", null,
    h("th", { scope: "row" }, h("a", { href: linkTo({ chosen: { ...noChoice(), rule: new Set([rule]) } }) }, ltr(rule))), h("td", { class: "quiet" }, named(category, "c")),
    h("td", null, h("span", { class: "quality" }, bar(count, "plain", most), h("span", { class: "figure" }, number(count)))), h("td", { class: "number" }, number(files))));
  return table(say("busiest"), [[say("rule")], [say("category")], [say("findings.n")], [say("files"), "number"]], rows, h("p", { class: "more" }, h("a", { href: linkTo({ view: "queue" }) }, say("queue"))));
}
function categories(totals) {
  const order = Object.entries(totals.by_category).filter((one) => one[1]).sort((a, b) => b[1] - a[1]), most = order[0]?.[1] ?? 1;
  const rows = order.map(([name, count]) => h("tr", null, h("th", { scope: "row" }, h("a", { href: linkTo({ chosen: { ...noChoice(), category: new Set([name]) } }) }, named(name, "c"))),
    h("td", null, h("span", { class: "quality" }, bar(count, "plain", most), h("span", { class: "figure" }, number(count)))), h("td", { class: "number" }, share(count, totals.findings))));
  return table(say("categories"), [[say("category")], [say("findings.n")], ["%", "number"]], rows);
}
function signs() {
  const found = META.translated.filter(([, engines, judged, high]) => Object.keys(engines).length || (high && high * 20 >= judged)).sort((a, b) => b[3] - a[3]).slice(0, 12);
  if (!found.length) return null;
  const listed = (all) => Object.entries(all).map(([name, count]) => `${name} (${number(count)})`).join(", ") || "–";
  const rows = found.map(([at, engines, judged, high, signals]) => h("tr", null, h("th", { scope: "row" }, fileLink(at)), h("td", null, message(listed(engines))), h("td", { class: "number" }, say("of", { x: number(high), y: number(judged) })), h("td", null, message(listed(signals)))));
  return table(say("signs"), [[say("name")], [say("fingerprints")], [say("high"), "number"], [say("signals")]], rows, h("p", { class: "quiet" }, say("signs.note")));
}
function uncheckedList() {
  if (!META.unchecked.length) return null;
  return h("section", { class: "card" }, h("h2", null, say("unchecked")), h("ul", { class: "unchecked" }, META.unchecked.map(([path, record, reason]) => h("li", null, ltr(record === null ? path : `${path}[${record}]`), " ", message(reason)))));
}
function madeWith() {
  const entries = (all) => h("dl", { class: "entries" }, Object.entries(all).map(([name, value]) => [h("dt", null, ltr(name)), h("dd", null, ltr(typeof value === "string" ? value : JSON.stringify(value)))]));
  return h("details", { class: "card" }, h("summary", null, `${say("made")} auditor ${META.version}`), h("h3", null, say("options")), entries(META.options), h("h3", null, say("packs")), entries(META.packs));
}
