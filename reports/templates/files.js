// All files in any order, and one text with its findings in place.
const SORTS = { quality: (at) => META.files.quality[at], name: null, findings: (at) => -META.files.findings[at], deleted: (at) => -META.files.characters_deleted[at] / (META.files.characters[at] || 1), fixed: (at) => -META.files.fixed[at] };
let fileRows = [];
function filesView() {
  const files = META.files, key = SORTS[state.sort];
  fileRows = files.path.map((_, at) => at);
  fileRows.sort((a, b) => (key ? key(a) - key(b) || files.findings[b] - files.findings[a] : 0) || (files.path[a] < files.path[b] ? -1 : 1));
  if (state.down) fileRows.reverse();
  const list = new VirtualList({ height: 40, label: say("files"), empty: say("none"), chosen: () => {}, row: (element, at) => {
    const one = fileRows[at];
    element.append(h("span", { class: "name" }, fileLink(one)), h("span", { class: `verdict ${files.verdict[one]}` }, say(`verdict.${files.verdict[one]}`)),
      quality(files.quality[one]), files.quality_cleaned[one] === null ? h("span", { class: "quality none" }, "–") : quality(files.quality_cleaned[one]),
      h("span", { class: "number" }, number(files.findings[one])), h("span", { class: "number" }, number(files.fixed[one])), h("span", { class: "number" }, share(files.characters_deleted[one], files.characters[one])));
  } });
  const head = (name, text) => h("span", { class: "sorter" }, name ? h("button", { type: "button", "aria-pressed": String(state.sort === name), onclick: () => { state.down = state.sort === name && !state.down; state.sort = name; writeAddress(); draw(); } }, text, state.sort === name ? h("span", { "aria-hidden": "true" }, state.down ? " ▴" : " ▾") : null) : text);
  list.element.classList.add("filelist");
  list.choose = (at) => { const link = list.live.get(at)?.querySelector("a"); list.move(at); if (link) location.hash = link.hash; };
  list.element.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1, PageDown: 12, PageUp: -12 }[event.key];
    if (step) { event.preventDefault(); list.move(list.at + step); }
    if (event.key === "Enter" && list.at >= 0) list.choose(list.at);
  });
  requestAnimationFrame(() => list.show(fileRows.length, -1));
  return h("div", { class: "filesview" }, h("div", { class: "filehead", role: "group", "aria-label": say("sort") }, head("name", say("name")), head(null, say("verdict")), head("quality", say("quality")), head(null, say("after")), head("findings", say("findings.n")), head("fixed", say("fixed")), head("deleted", say("deleted"))), list.element);
}
let foldedLines = null; // what the reader chose; else long texts are folded
function textView(act) {
  if (!D.n) return h("p", { class: "empty" }, say("no.findings"));
  const doc = state.doc;
  const file = D.file[doc], files = META.files;
  const docs = [];
  for (let at = 0; at < D.n; at++) if (D.file[at] === file) docs.push(at);
  const place = docs.indexOf(doc);
  const body = h("div", { class: "textbody", tabindex: -1 }, h("p", { class: "quiet" }, say("loading")));
  const step = (by, label, key) => h("button", { type: "button", class: "plain", "aria-keyshortcuts": key, disabled: doc + by < 0 || doc + by >= D.n, onclick: () => act.document(doc + by) }, label, " ", kbd(key));
  const toggle = h("div", { class: "toggle", role: "group" });
  const fill = (text) => {
    if (!text) return body.replaceChildren(h("p", { class: "quiet" }, say("notext")));
    const lines = text.parts.reduce((sum, part) => sum + part[3].split("\n").length, 0);
    const fold = foldedLines ?? lines > 120;
    toggle.replaceChildren(...[["lines.all", false], ["lines.changed", true]].map(([name, value]) => h("button", { type: "button", "aria-pressed": String(fold === value), onclick: () => { foldedLines = value; fill(text); } }, say(name))));
    const size = text.parts.reduce((sum, part) => sum + Array.from(part[3]).length, 0);
    body.replaceChildren(...(size < text.size ? [h("p", { class: "notice", role: "note" }, say("cut"))] : []), diffTable(doc, text, { current: state.at, folded: fold }));
    const here = body.querySelector("mark.current");
    if (here) here.scrollIntoView({ block: "center" });
  };
  body.addEventListener("click", (event) => {
    const mark = event.target.closest("mark[data-i]");
    if (mark) act.select(Number(mark.dataset.i));
  });
  if (D.chunk[doc] < 0) fill(null);
  else textOf(doc).then(fill, (error) => body.replaceChildren(h("p", { class: "bad", role: "alert" }, error.message)));
  const side = h("div", { class: "pane side", id: "detail" });
  return h("div", { class: "textview" },
    h("header", { class: "texthead" }, h("h1", null, ltr(placeOf(doc))), h("span", { class: `verdict ${files.verdict[file]}` }, say(`verdict.${files.verdict[file]}`)),
      h("span", { class: "quiet" }, say("quality"), " "), quality(files.quality[file] ?? 0), files.quality_cleaned[file] === null || file < 0 ? null : [h("span", { class: "arrow" }, LANG === "ar" ? "←" : "→"), quality(files.quality_cleaned[file])],
      D.id[doc] === null ? null : h("span", { class: "quiet" }, "id ", ltr(D.id[doc])),
      h("span", { class: "quiet" }, some("finding", D.last[doc] - D.first[doc])), h("span", { class: "spring" }), toggle,
      docs.length > 1 ? h("span", { class: "quiet" }, say("of.documents", { x: number(place + 1), y: number(docs.length) })) : null, step(-1, say("prev"), "["), step(1, say("next"), "]")),
    body, side);
}
