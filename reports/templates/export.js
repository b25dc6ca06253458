// Verdicts as YAML, in the form `auditor decide import` takes, and false positives as examples for their rules.
function quoted(text) { // a double-quoted YAML scalar; what YAML does not print is escaped
  return JSON.stringify(text).replace(/[\u007f-\u00a0\u00ad\u061c\u200b-\u200f\u2028-\u202f\u2060-\u206f\ufeff\ufff0-\uffff\ud800-\udfff]/g, (char, at, all) => {
    const pair = /[\ud800-\udbff]/.test(char) ? /[\udc00-\udfff]/.test(all[at + 1] ?? "") : /[\udc00-\udfff]/.test(char) && /[\ud800-\udbff]/.test(all[at - 1] ?? "");
    return pair ? char : "\\u" + char.charCodeAt(0).toString(16).padStart(4, "0");
  });
}
function decisionsYaml() {
  const lines = [...kept.values()].map((one) => ["fingerprint", "rule", "text", "verdict", "scope", "note", "person", "date"].map((name) => `${name}: ${name === "verdict" && one[name] === "true" ? "true" : name === "verdict" || name === "scope" ? one[name] : quoted(name === "person" ? one[name] || person : one[name])}`));
  return lines.map((fields) => `- ${fields.join("\n  ")}\n`).join("") || "[]\n";
}
async function examplesYaml() {
  const rules = new Map();
  for (const one of kept.values()) {
    if (one.verdict !== "false-positive") continue;
    const i = F.fingerprint.indexOf(one.fingerprint);
    const text = i < 0 ? null : await textOf(F.doc[i]).catch(() => null);
    const line = (text && lineOf(i, text)) ?? one.text;
    if (!rules.has(one.rule)) rules.set(one.rule, new Set());
    rules.get(one.rule).add(line);
  }
  const made = [...rules.entries()].sort((a, b) => (a[0] < b[0] ? -1 : 1)).map(([rule, lines]) => `- rule: ${quoted(rule)}\n  good:\n${[...lines].map((line) => `  - ${quoted(line)}\n`).join("")}`);
  return "# Texts that a person judged no defect: add each to `good` of its rule, then `auditor rules test`.\n" + (made.join("") || "[]\n");
}
function lineOf(i, text) { // the lines a finding stands in
  for (const part of text.parts) {
    const size = Array.from(part[3]).length;
    if (F.start[i] < part[0] || F.end[i] > part[0] + size) continue;
    const unit = units(part[3]), a = unit(F.start[i] - part[0]), b = unit(F.end[i] - part[0]);
    const from = a ? part[3].lastIndexOf("\n", a - 1) + 1 : 0, stop = part[3].indexOf("\n", Math.max(b - 1, a));
    return part[3].slice(from, stop < 0 ? part[3].length : stop).replace(/\r$/, "");
  }
  return null;
}
function download(name, text) {
  const url = URL.createObjectURL(new Blob([text], { type: "application/yaml" }));
  const link = h("a", { href: url, download: name });
  (document.querySelector("dialog[open]") ?? document.body).append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(url), 10000);
}
function dialog(title, ...content) {
  const box = h("dialog", { "aria-labelledby": "dialog-title", onclose: () => box.remove() }, h("h2", { id: "dialog-title" }, title), ...content, h("form", { method: "dialog", class: "actions" }, h("button", { class: "plain" }, say("close"))));
  document.body.append(box);
  box.showModal();
  return box;
}
function exportDialog() {
  const name = h("input", { type: "text", value: person, maxlength: 200, autocomplete: "name", oninput: (event) => { person = event.target.value; save(); } });
  const about = h("p", { class: "quiet" });
  say("export.about").split("`").forEach((part, at) => about.append(at % 2 ? h("code", { dir: "ltr" }, part) : part));
  const wrong = [...kept.values()].filter((one) => one.verdict === "false-positive").length;
  dialog(say("export.title"), about, h("p", null, h("b", null, kept.size ? some("verdicts", kept.size) : say("export.none"))), h("label", { class: "field" }, say("person"), name),
    h("div", { class: "actions" }, h("button", { type: "button", class: "main", disabled: !kept.size, onclick: () => download(`decisions-${META.run}.yaml`, decisionsYaml()) }, say("download")),
      h("button", { type: "button", class: "plain", disabled: !kept.size, onclick: () => copy(decisionsYaml()) }, say("copy")),
      h("button", { type: "button", class: "plain", disabled: !wrong, onclick: async () => download(`good-examples-${META.run}.yaml`, await examplesYaml()) }, ...say("good").split("`").map((part, at) => (at % 2 ? h("code", null, part) : part)))));
}
function helpDialog() {
  const keys = [["j k", "k.jk"], ["[ ]", "k.[]"], ["a", "k.a"], ["f", "k.f"], ["s", "k.s"], ["u", "k.u"], ["x", "k.x"], ["o", "k.o"], ["/", "k.slash"], ["?", "k.q"], ["Esc", "k.esc"]];
  dialog(say("keys.title"), h("dl", { class: "keys" }, keys.map(([key, about]) => [h("dt", null, key.split(" ").map(kbd)), h("dd", null, say(about))])));
}
