// The page as a whole: its bar, its views, its keys.
let rows = new Int32Array(0), counts = {}, list = null;
const searches = Object.fromEntries(FACETS.map((name) => [name, { open: false, value: "" }]));
let facetsShown = false;
const WIDE = matchMedia("(min-width: 1100px)");

function topBar() {
  const tab = (view, count) => h("a", { href: linkTo({ view }), "aria-current": state.view === view || (view === "files" && state.view === "text") ? "page" : null }, say(view), count === undefined ? null : h("span", { class: "n" }, number(count)));
  const other = LANG === "ar" ? "en" : "ar";
  return h("header", { class: "bar-top" }, h("a", { class: "skip", href: "#", onclick: (event) => { event.preventDefault(); byId("main").focus(); } }, say("skip.to")),
    h("span", { class: "brand", dir: "ltr" }, "auditor"), h("nav", { "aria-label": say("report") }, tab("overview"), tab("findings", F.n), tab("files", META.files.path.length), tab("queue")),
    h("span", { class: "spring" }), h("button", { type: "button", class: "plain", onclick: exportDialog }, say("export"), h("span", { class: "n", id: "kept" }, number(kept.size))),
    h("button", { type: "button", class: "plain", lang: other, onclick: () => { speak(other); try { localStorage.setItem("auditor.language", other); } catch { /* for this visit, then */ } draw(); } }, say("language")),
    h("button", { type: "button", class: "plain", "aria-keyshortcuts": "?", onclick: helpDialog }, say("help"), " ", kbd("?")));
}
function draw() {
  document.title = `${say(`verdict.${META.totals.verdict}`)} · ${say("report")}`;
  wholeGroup = false;
  list = null;
  const views = { overview, files: filesView, queue: queueView, findings: findingsView, text: () => textView(act) };
  if (state.view === "text" && state.doc < 0) state.doc = state.at >= 0 ? F.doc[state.at] : 0;
  byId("app").className = `view-${state.view}`;
  byId("app").replaceChildren(topBar(), h("main", { id: "main", tabindex: -1 }, views[state.view]()));
  if (state.view === "findings") refilter(true);
  if (state.view === "text" && D.n) {
    rows = rangeOf(state.doc);
    if (!rows.includes(state.at)) state.at = WIDE.matches ? rows[0] : -1;
    showDetail();
  }
}
const rangeOf = (doc) => Int32Array.from({ length: (D.last[doc] ?? 0) - (D.first[doc] ?? 0) }, (_, at) => D.first[doc] + at);

function findingsView() {
  list = new VirtualList({ height: 64, label: say("findings"), empty: F.n ? say("none") : say("no.findings"), row: (element, at) => findingRow(element, rows[at]), chosen: (at) => { state.at = rows[at]; wholeGroup = false; writeAddress(); showDetail(); } });
  const search = h("input", { type: "search", id: "search", value: state.q, placeholder: say("search"), "aria-label": say("search"), dir: "auto", "aria-keyshortcuts": "/", oninput: later(120, () => { state.q = search.value; refilter(); }) });
  const queue = state.queue >= 0;
  return h("div", { class: queue ? "findings queueing" : "findings" },
    queue ? h("div", { id: "banner" }) : h("div", { class: "tools" }, search, h("button", { type: "button", class: "plain toggle-facets", "aria-expanded": String(facetsShown), "aria-controls": "facets", onclick: () => { facetsShown = !facetsShown; byId("facets").classList.toggle("shown", facetsShown); } }, say("facets"))),
    queue ? null : h("aside", { id: "facets", class: facetsShown ? "facets shown" : "facets", "aria-label": say("facets") }),
    h("section", { class: "pane middle", "aria-label": say("findings") }, h("p", { class: "result", id: "result" }), list.element), h("section", { class: "pane side", id: "detail", "aria-label": say("context") }));
}
function refilter(first) {
  if (state.queue >= 0) {
    rows = Int32Array.from(sampleOf(state.queue).order);
    if (state.at < 0 || !rows.includes(state.at)) state.at = rows.find((i) => !verdicts[i]) ?? rows[0] ?? -1;
    byId("banner").replaceChildren(queueBanner(state.queue));
  } else {
    const found = filtered();
    rows = found.left;
    counts = found.counts;
    drawFacets();
  }
  byId("result").textContent = rows.length === F.n ? some("finding", F.n) : say("shown", { x: number(rows.length), y: some("finding", F.n) });
  if (!first) live(say("results", { x: some("finding", rows.length) }));
  let at = rows.indexOf(state.at);
  if (at < 0 && rows.length && WIDE.matches) at = 0;
  state.at = at < 0 ? -1 : rows[at];
  list.show(rows.length, at);
  if (at >= 0) list.move(at, true);
  writeAddress();
  showDetail();
}
function drawFacets() {
  const chosenAny = FACETS.some((name) => state.chosen[name].size);
  const choose = (name, value) => { const set = state.chosen[name]; set.has(value) ? set.delete(value) : set.add(value); refilter(); };
  const boxes = FACETS.filter((name) => counts[name]).map((name) => {
    const search = searches[name], { items, rest, many } = facetList(name, counts[name], choose, search);
    if (!items.length && !search.value) return null;
    const field = many && search.open ? h("input", { type: "search", class: "find", id: `find-${name}`, value: search.value, placeholder: say("find.value"), "aria-label": `${say(name === "file" ? "name" : name)}: ${say("find.value")}`, oninput: later(120, (event) => { search.value = event.target.value; drawFacets(); byId(`find-${name}`).focus(); }) }) : null;
    return h("fieldset", null, h("legend", null, say(name === "file" ? "name" : name)), field, h("ul", null, items), rest > 0 && !search.open ? h("button", { type: "button", class: "linkish", onclick: () => { search.open = true; drawFacets(); byId(`find-${name}`)?.focus(); } }, say("more", { x: number(rest) })) : null);
  });
  const focused = document.activeElement?.closest?.("#facets label")?.textContent;
  byId("facets").replaceChildren(h("div", { class: "facethead" }, h("h2", null, say("facets")), chosenAny || state.q ? h("button", { type: "button", class: "linkish", onclick: () => { state.chosen = noChoice(); state.q = ""; byId("search").value = ""; refilter(); } }, say("clear")) : null), ...boxes.filter(Boolean));
  if (focused) for (const label of byId("facets").querySelectorAll("label")) if (label.textContent.replace(/[\d,]+$/, "") === focused.replace(/[\d,]+$/, "")) { label.querySelector("input").focus(); break; }
}
function showDetail() {
  const pane = byId("detail");
  if (!pane) return;
  if (state.at < 0 || (state.view === "text" && !rows.includes(state.at))) { pane.replaceChildren(); pane.classList.remove("shown"); return; }
  pane.classList.add("shown");
  pane.replaceChildren(h("button", { type: "button", class: "plain closer", onclick: () => { state.at = -1; writeAddress(); pane.classList.remove("shown"); } }, say("close")), detail(state.at, act));
  pane.scrollTop = 0;
}
const act = {
  decide(verdict) {
    if (state.at < 0) return;
    const i = state.at, touched = decide(i, verdict, wholeGroup);
    live(say("judged.all", { x: say(D_NAMES[verdict]), y: some("finding", touched) }));
    wholeGroup = false;
    after();
    const at = rows.indexOf(i);
    const next = state.queue >= 0 ? rows.findIndex((one, place) => place > at && !verdicts[one]) : at + 1;
    if (next > 0 && next < rows.length) act.step(next - at);
    else showDetail();
  },
  undo() {
    const i = undo();
    if (i < 0) return toast(say("nothing.undo"));
    live(say("undone"));
    after();
    const at = rows.indexOf(i);
    if (at >= 0) act.go(at);
    else showDetail();
  },
  group(on) {
    if (state.at < 0 || cutMatch(state.at)) return;
    wholeGroup = on;
    if (on) live(say("group.on", { x: some("finding", groupOf(state.at).length) }));
    showDetail();
  },
  step(by) { act.go(rows.indexOf(state.at) + by); },
  go(at) {
    if (!rows.length) return;
    const place = Math.max(0, Math.min(at, rows.length - 1));
    if (state.view === "text") act.select(rows[place]);
    else if (list) list.choose(place);
  },
  select(i) {
    const before = state.at;
    state.at = i;
    wholeGroup = false;
    writeAddress();
    if (F.related.has(before) || F.related.has(i)) return draw(); // what they point to is marked in the text
    for (const mark of document.querySelectorAll(".textbody mark[data-i]")) mark.classList.toggle("current", Number(mark.dataset.i) === i);
    document.querySelector(`.textbody mark[data-i="${i}"]`)?.scrollIntoView({ block: "center" });
    showDetail();
  },
  document(doc) {
    if (doc < 0 || doc >= D.n) return;
    Object.assign(state, { view: "text", doc, at: D.first[doc] });
    writeAddress(true);
    draw();
  },
  file(by) { // to the next finding of another file
    if (state.view === "text") return act.document((state.doc >= 0 ? state.doc : 0) + by);
    let at = rows.indexOf(state.at);
    const own = at < 0 ? -1 : D.file[F.doc[rows[at]]];
    while (at >= 0 && at < rows.length && D.file[F.doc[rows[at]]] === own) at += by;
    if (at >= 0 && at < rows.length) act.go(at);
  },
};
function after() { // what shows verdicts, again
  list?.refresh();
  byId("kept").textContent = number(kept.size);
  if (state.queue >= 0 && byId("banner")) byId("banner").replaceChildren(queueBanner(state.queue));
}
const KEYS = {
  j: () => act.step(1), k: () => act.step(-1), "]": () => act.file(1), "[": () => act.file(-1), a: () => act.decide(RIGHT), f: () => act.decide(WRONG), s: () => act.decide(SKIPPED), u: () => act.undo(), x: () => act.group(!wholeGroup),
  o: () => { if (state.at >= 0) { Object.assign(state, { view: "text", doc: F.doc[state.at] }); writeAddress(true); draw(); } },
  "/": () => byId("search")?.focus(), "?": helpDialog,
};
function keyOfEvent(event) { // by the place of the key where the layout gives no Latin letter, as an Arabic one does
  if (KEYS[event.key]) return event.key;
  if (event.key === "؟") return "?";
  const code = { BracketLeft: "[", BracketRight: "]" }[event.code] ?? /^Key([A-Z])$/.exec(event.code)?.[1].toLowerCase();
  return /^[\x20-\x7e]$/.test(event.key) ? event.key : code;
}
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
  if (event.key === "Escape") { document.activeElement?.blur(); list?.element.focus(); return; }
  const target = event.target;
  if (/^(TEXTAREA|SELECT)$/.test(target.tagName) || (target.tagName === "INPUT" && target.type !== "checkbox")) return;
  const key = keyOfEvent(event), on = state.view === "findings" || state.view === "text";
  if (on && list && target === list.element) {
    const step = { ArrowDown: 1, ArrowUp: -1, PageDown: 10, PageUp: -10, Home: -1e9, End: 1e9 }[event.key];
    if (step) { event.preventDefault(); return act.step(step); }
    if (event.key === "Enter") return KEYS.o();
  }
  if (KEYS[key] && (on || key === "?")) { event.preventDefault(); KEYS[key](); }
});
// Printed, a list has no window to look through: the rows it has, up to a limit, are put in full.
addEventListener("beforeprint", () => {
  if (state.view !== "findings") return;
  const shown = Array.from(rows.subarray(0, 1000), (i) => { const row = h("li", { class: "row" }); findingRow(row, i); return row; });
  byId("main").append(h("ol", { class: "printed" }, shown, rows.length > 1000 ? h("li", null, say("print.more", { x: some("finding", rows.length - 1000) })) : null));
});
addEventListener("afterprint", () => document.querySelector(".printed")?.remove());
addEventListener("pagehide", () => { if (verdicts) saveNow(); });

async function start() {
  let lang = navigator.language?.startsWith("ar") ? "ar" : "en";
  try { lang = localStorage.getItem("auditor.language") ?? lang; } catch { /* the browser's, then */ }
  speak(lang);
  try {
    await open();
  } catch (error) {
    byId("app").append(h("p", { class: "bad", role: "alert" }, say("bad.data", { x: String(error.message ?? error) })));
    return;
  }
  loadVerdicts();
  readAddress();
  draw();
  addEventListener("popstate", () => { readAddress(); draw(); });
  document.documentElement.dataset.ready = "yes";
  pause((deadline) => { FACETS.forEach(valuesOf); foldAhead(deadline); });
}
start();
