// What is looked at stands in the address; verdicts are kept in this browser until they are exported.
const FACETS = ["rule", "category", "severity", "confidence", "fix", "verdict", "known", "file"];
const VIEWS = ["overview", "findings", "files", "text", "queue"];
const state = { view: "overview", q: "", at: -1, doc: -1, queue: -1, sort: "quality", down: false, chosen: {} };
for (const name of FACETS) state.chosen[name] = new Set();

function readAddress() {
  const asked = new URLSearchParams(location.hash.slice(1));
  const view = asked.get("v");
  state.view = VIEWS.includes(view) ? view : asked.has("f") ? "findings" : "overview";
  state.q = asked.get("q") ?? "";
  for (const name of FACETS) state.chosen[name] = new Set(asked.getAll(name));
  state.at = asked.has("f") ? linked(asked.get("f")) : -1;
  const doc = Number(asked.get("doc") ?? -1);
  state.doc = Number.isInteger(doc) && doc >= 0 && doc < D.n ? doc : -1;
  state.queue = META.rules.findIndex((rule) => rule[0] === asked.get("queue"));
  state.sort = SORTS[asked.get("sort")] ? asked.get("sort") : "quality";
  state.down = asked.has("down");
}
function address(wanted = state) {
  const made = new URLSearchParams();
  if (wanted.view !== "overview") made.set("v", wanted.view);
  if (wanted.q) made.set("q", wanted.q);
  for (const name of FACETS) for (const value of wanted.chosen[name]) made.append(name, value);
  if (wanted.at >= 0) made.set("f", linkName(wanted.at));
  if (wanted.view === "text" && wanted.doc >= 0) made.set("doc", wanted.doc);
  if (wanted.queue >= 0) made.set("queue", META.rules[wanted.queue][0]);
  if (wanted.sort !== "quality") made.set("sort", wanted.sort);
  if (wanted.down) made.set("down", "");
  return "#" + made;
}
function writeAddress(step) {
  const url = address();
  if (url === (location.hash || "#")) return;
  history[step ? "pushState" : "replaceState"](null, "", url);
}
const noChoice = () => Object.fromEntries(FACETS.map((name) => [name, new Set()]));
const linkTo = (wanted) => address({ view: "findings", q: "", at: -1, doc: -1, queue: -1, sort: "quality", chosen: noChoice(), ...wanted });

// Verdicts: one for a finding ("here", by its fingerprint) or for its match wherever this rule finds it ("everywhere").
const OPEN = 0, RIGHT = 1, WRONG = 2, SKIPPED = 3;
const VERDICTS = ["", "true", "false-positive", "skip"];
const D_NAMES = ["d.open", "d.true", "d.false", "d.skip"];
const kept = new Map(); // key -> verdict as it is exported
const undoable = [];
let verdicts; // of every finding, as numbers
let saving = true;
let person = "";
const hereKey = (i) => `here ${F.fingerprint[i]}`;
const everywhereKey = (i) => `everywhere ${ruleOf(i)}\0${matchOf(i)}`;
const storageKey = () => `auditor.verdicts.${META.run}`;

function loadVerdicts() {
  verdicts = new Uint8Array(F.n);
  try {
    person = localStorage.getItem("auditor.person") ?? "";
    for (const one of JSON.parse(localStorage.getItem(storageKey()) ?? "[]")) kept.set(keyOf(one), one);
  } catch { saving = false; }
  if (!kept.size) return;
  for (let i = 0; i < F.n; i++) verdicts[i] = verdictOf(i);
}
const keyOf = (one) => (one.scope === "everywhere" ? `everywhere ${one.rule}\0${one.text}` : `here ${one.fingerprint}`);
const keptFor = (i) => kept.get(hereKey(i)) ?? kept.get(everywhereKey(i));
const verdictOf = (i) => Math.max(VERDICTS.indexOf(keptFor(i)?.verdict ?? ""), 0);
const save = later(150, saveNow);
function saveNow() {
  try {
    localStorage.setItem(storageKey(), JSON.stringify([...kept.values()]));
    localStorage.setItem("auditor.person", person);
    saving = true;
  } catch {
    if (saving) toast(say("storage"));
    saving = false;
  }
}
const cutMatch = (i) => Array.from(matchOf(i)).length !== F.end[i] - F.start[i]; // too long to be kept whole
function alike(i, everywhere) { // findings that a verdict speaks of
  if (everywhere) return groupOf(i);
  return groupOf(i).filter((one) => F.fingerprint[one] === F.fingerprint[i]);
}
function decide(i, verdict, everywhere, note) {
  const whole = everywhere && !cutMatch(i);
  const key = whole ? everywhereKey(i) : hereKey(i);
  const changed = [[key, kept.get(key)]];
  const own = hereKey(i);
  if (whole && kept.has(own)) { // the later word counts
    changed.push([own, kept.get(own)]);
    kept.delete(own);
  }
  kept.set(key, { fingerprint: F.fingerprint[i], rule: ruleOf(i), text: matchOf(i), verdict: VERDICTS[verdict],
    scope: whole ? "everywhere" : "here", note: note ?? kept.get(key)?.note ?? "", person, date: new Date().toISOString().slice(0, 10) });
  undoable.push({ i, changed });
  const touched = alike(i, whole);
  for (const one of touched) verdicts[one] = verdictOf(one);
  save();
  return touched.length;
}
function undo() {
  const last = undoable.pop();
  if (!last) return -1;
  for (const [key, before] of last.changed) before ? kept.set(key, before) : kept.delete(key);
  for (const one of groupOf(last.i)) verdicts[one] = verdictOf(one);
  save();
  return last.i;
}
function annotate(i, note) {
  const one = keptFor(i);
  if (!one) return;
  one.note = note;
  save();
}
