// Nobody judges every finding: a sample of each rule, spread over its sites, until its precision is known well enough.
const SAMPLE = 60; // of one rule at most
const ENOUGH = 0.2; // width of the 95 % interval
const LEAST = 5; // judged before an interval is trusted
function wilson(right, judged) { // the same as auditor.intervals.wilson
  if (!judged) return { value: 0, low: 0, high: 1 };
  const z = 1.959964, value = right / judged, part = (z * z) / judged;
  const centre = (value + part / 2) / (1 + part), half = (z / (1 + part)) * Math.sqrt((value * (1 - value)) / judged + part / (4 * judged));
  return { value, low: right ? Math.max(0, centre - half) : 0, high: right === judged ? 1 : Math.min(1, centre + half) };
}
function mixed(text) { // the same order every time, and none that follows the text's
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  return (hash ^ (hash >>> 13)) >>> 0;
}
let byRule;
const samples = new Map();
function sampleOf(rule) { // one of each site in turn
  if (samples.has(rule)) return samples.get(rule);
  if (!byRule) {
    byRule = META.rules.map(() => []);
    for (let i = 0; i < F.n; i++) byRule[F.rule[i]].push(i);
  }
  const sites = new Map();
  for (const i of byRule[rule]) {
    const site = siteOf(F.doc[i]);
    sites.has(site) ? sites.get(site).push(i) : sites.set(site, [i]);
  }
  const turns = [...sites.entries()].sort((a, b) => mixed(a[0]) - mixed(b[0])).map(([, found]) => found.map((i) => [mixed(F.fingerprint[i] + i), i]).sort((a, b) => a[0] - b[0]).map((pair) => pair[1]));
  const order = [];
  for (let turn = 0; order.length < Math.min(SAMPLE, byRule[rule].length); turn++) for (const found of turns) if (turn < found.length && order.length < SAMPLE) order.push(found[turn]);
  const made = { order, sites: sites.size, all: byRule[rule].length };
  samples.set(rule, made);
  return made;
}
function standing(rule) {
  const { order, sites, all } = sampleOf(rule);
  let right = 0, wrong = 0, skipped = 0;
  for (const i of order) verdicts[i] === RIGHT ? right++ : verdicts[i] === WRONG ? wrong++ : verdicts[i] === SKIPPED ? skipped++ : 0;
  const judged = right + wrong, found = wilson(right, judged);
  const done = judged + skipped === order.length;
  const enough = (judged >= LEAST && found.high - found.low <= ENOUGH) || (done && judged > 0);
  return { order, sites, all, right, judged, found, done, enough, missing: enough ? 0 : stillNeeded(right, judged, order.length - judged - skipped) };
}
function stillNeeded(right, judged, left) { // if the share stays as it is
  const value = judged ? right / judged : 1;
  for (let more = 1; more < left; more++) {
    const found = wilson(right + value * more, judged + more);
    if (judged + more >= LEAST && found.high - found.low <= ENOUGH) return more;
  }
  return left;
}
function statusOf(found) {
  if (found.enough) return h("span", { class: "enough" }, "✓ ", say(found.done ? "whole" : "enough"));
  return h("span", { class: "quiet" }, say("todo", { n: number(found.missing) }));
}
function queueView() {
  const rows = META.rules.map((rule, at) => [rule, at]).filter(([rule]) => rule[2]).sort((a, b) => b[0][2] - a[0][2]).map(([rule, at]) => {
    const found = standing(at);
    if (!found.all) return null;
    return h("tr", null, h("th", { scope: "row" }, ltr(rule[0])), h("td", { class: "number" }, number(rule[2])), h("td", { class: "number" }, number(found.sites)),
      h("td", { class: "number" }, say("of", { x: number(found.judged), y: number(found.order.length) })),
      h("td", { class: "number" }, found.judged ? percents.format(found.found.value) : "–"), h("td", null, found.judged ? h("span", { class: "quality" }, interval(found.found), h("bdi", { class: "figure", dir: "ltr" }, `${Math.round(100 * found.found.low)}–${Math.round(100 * found.found.high)} %`)) : "–"),
      h("td", null, statusOf(found)), h("td", null, h("a", { class: "button", href: linkTo({ queue: at }) }, say("begin"))));
  });
  return h("div", { class: "page" }, h("section", { class: "card scroll" }, h("h1", null, say("queue")), h("p", { class: "quiet" }, say("queue.about")),
    h("table", null, h("thead", null, h("tr", null, [["rule"], ["findings.n", 1], ["sites", 1], ["judged", 1], ["precision", 1], ["interval"], ["status"]].map(([name, right]) => h("th", { scope: "col", class: right ? "number" : null }, say(name))), h("th", { scope: "col" }, h("span", { class: "unseen" }, say("begin"))))), h("tbody", null, rows.filter(Boolean)))));
}
function queueBanner(rule) {
  const found = standing(rule);
  return h("div", { class: "banner" }, h("b", null, say("queue.of", { x: "" }), ltr(META.rules[rule][0])), h("span", null, say("judged"), " ", say("of", { x: number(found.judged), y: number(found.order.length) })),
    found.judged ? h("span", { class: "quality" }, percents.format(found.found.value), interval(found.found), h("bdi", { dir: "ltr" }, `${Math.round(100 * found.found.low)}–${Math.round(100 * found.found.high)} %`)) : null, statusOf(found),
    h("a", { href: linkTo({ view: "queue" }) }, say("queue.leave")));
}
