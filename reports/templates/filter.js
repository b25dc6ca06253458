// Which findings the filters leave, and what every value of a facet would leave: one pass over the columns.
const VALUES = {
  rule: (i) => F.rule[i], category: (i) => RULE_CATEGORY[F.rule[i]], severity: (i) => F.severity[i], confidence: (i) => F.confidence[i],
  fix: (i) => F.fixKind[i], verdict: (i) => verdicts[i], known: (i) => F.decision[i], file: (i) => D.file[F.doc[i]],
};
const FACET_NAMES = {
  rule: () => META.rules.map((rule) => rule[0]), category: () => CATEGORIES, severity: () => SEVERITIES, confidence: () => CONFIDENCES,
  fix: () => FIXES, verdict: () => ["open", "true", "false", "skip"], known: () => ["new", "known", "true"], file: () => META.files.path,
};
const SHOWN = {
  rule: (v) => v, category: (v) => named(v, "c"), severity: (v) => say(`s.${v}`), confidence: (v) => named(v, "f"), fix: (v) => say(`fix.${v}`),
  verdict: (v) => say(`d.${v}`), known: (v) => say(`known.${v}`), file: (v) => v,
};
let facetValues; // name -> Int32Array of every finding's value, where it does not change
function valuesOf(name) {
  facetValues ??= {};
  if (name === "verdict") return verdicts;
  if (!facetValues[name]) {
    const made = (facetValues[name] = new Int32Array(F.n)), of = VALUES[name];
    for (let i = 0; i < F.n; i++) made[i] = of(i);
  }
  return facetValues[name];
}
const folded = []; // what the search looks through
const AS_ITS_NORM = /^[\0-\x7f\u0600-\u0652\u0660-\u0674\u0679-\u06bf]*$/; // nothing here that NFKC changes
const ALIKE = { أ: "ا", إ: "ا", آ: "ا", ٱ: "ا", ى: "ي", ی: "ي", ة: "ه", ک: "ك" };
function fold(text) {
  const norm = AS_ITS_NORM.test(text) ? text : text.normalize("NFKC");
  return norm.toLowerCase().replace(/[\u064b-\u0652\u0670\u0640أإآٱىیةک]/g, (char) => ALIKE[char] ?? "");
}
let ahead = 0;
function foldAhead(deadline) { // in the pauses, so that the first search need not wait for it
  do {
    for (const stop = Math.min(ahead + 500, STRINGS.length); ahead < stop; ahead++) folded[ahead] ??= fold(STRINGS[ahead]);
  } while (ahead < STRINGS.length && deadline?.timeRemaining() > 1);
  if (ahead < STRINGS.length) pause(foldAhead);
}
function searched(query) { // finding -> bool, each distinct text looked at once
  const wanted = fold(query.trim());
  if (!wanted) return null;
  const hits = new Int8Array(STRINGS.length).fill(-1);
  const hit = (at) => {
    if (hits[at] < 0) hits[at] = (folded[at] ??= fold(STRINGS[at])).includes(wanted) ? 1 : 0;
    return hits[at] === 1;
  };
  const files = META.files.path.map((path) => fold(path).includes(wanted));
  const rules = META.rules.map((rule) => rule[0].includes(wanted));
  return (i) => rules[F.rule[i]] || files[D.file[F.doc[i]]] || hit(F.text[i]) || hit(F.message[i]);
}
// How many filters a finding fails, and which one: column by column, each loop over numbers of one kind.
let failed, failing, found;
function fail(column, wanted, at) {
  for (let i = 0; i < column.length; i++) if (!wanted[column[i]]) { failed[i]++; failing[i] = at; }
}
function tally(column, count, at) { // a facet counts what the other facets leave
  for (let i = 0; i < column.length; i++) if (!failed[i] || (failed[i] === 1 && failing[i] === at)) count[column[i]]++;
}
function filtered() {
  failed ??= new Uint8Array(F.n);
  failing ??= new Uint8Array(F.n);
  found ??= new Int32Array(F.n);
  failed.fill(0);
  const names = FACETS.filter((name) => name !== "known" || META.decided);
  names.forEach((name, at) => {
    if (!state.chosen[name].size) return;
    const all = FACET_NAMES[name]();
    fail(valuesOf(name), Uint8Array.from(all, (value) => state.chosen[name].has(value)), at);
  });
  const hit = searched(state.q);
  if (hit) for (let i = 0; i < F.n; i++) if (failed[i] < 2 && !hit(i)) failed[i] = 2;
  let n = 0;
  for (let i = 0; i < F.n; i++) if (!failed[i]) found[n++] = i;
  const counts = {};
  names.forEach((name, at) => tally(valuesOf(name), (counts[name] = new Int32Array(FACET_NAMES[name]().length + 1)), at));
  return { left: found.subarray(0, n), counts };
}

function mostOf(order, counts, most) { // the first ones by number, without sorting thousands
  const best = [];
  for (const at of order) {
    if (best.length === most && counts[at] <= counts[best[most - 1]]) continue;
    let place = best.length;
    while (place && counts[best[place - 1]] < counts[at]) place--;
    best.splice(place, 0, at);
    if (best.length > most) best.pop();
  }
  return best;
}
function facetList(name, counts, choose, search) {
  const all = FACET_NAMES[name](), chosen = state.chosen[name];
  const wanted = fold(search.value), most = search.open ? 200 : 8;
  const order = all.map((_, at) => at).filter((at) => (counts[at] || chosen.has(all[at])) && (!wanted || fold(all[at]).includes(wanted)));
  const ranked = ["severity", "confidence", "verdict"].includes(name) ? order : mostOf(order, counts, most);
  const items = ranked.slice(0, most).map((at) => {
    const value = all[at], on = chosen.has(value);
    const box = h("input", { type: "checkbox", onchange: () => choose(name, value) }), path = name === "file" || name === "rule";
    box.checked = on;
    const label = path ? ltr(value) : SHOWN[name](value);
    const dot = name === "severity" ? h("span", { class: `mark-of ${value}`, "aria-hidden": "true" }) : null;
    return h("li", null, h("label", { class: on ? "on" : null, title: path ? plain(value) : null }, box, dot, h("span", { class: path ? "value path" : "value", dir: path ? "ltr" : null }, label), h("span", { class: "n" }, number(counts[at]))));
  });
  return { items, rest: order.length - Math.min(most, order.length), many: all.length > 8 };
}
