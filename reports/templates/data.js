// The page's data: opened once, kept as columns. Texts are opened when they are looked at.
const SEVERITIES = ["error", "warning", "info"];
const CONFIDENCES = ["very-high", "high", "medium", "low"];
const FIXES = ["fixed", "safe", "unsafe", "display", "none"];
let META;
const F = { n: 0, fingerprint: [], fix: [], related: new Map(), origins: new Map() }; // findings
const D = { n: 0, file: [], record: [], id: [], site: [], chunk: [], slot: [], first: [], last: [] }; // their documents
let STRINGS = [];
let CATEGORIES = [], RULE_CATEGORY;
let textChunks = []; // each () => Promise of base64

function bytesOf(base64) {
  if (Uint8Array.fromBase64) return Uint8Array.fromBase64(base64);
  const text = atob(base64), bytes = new Uint8Array(text.length);
  for (let at = 0; at < text.length; at++) bytes[at] = text.charCodeAt(at);
  return bytes;
}
async function unpack(base64) {
  const stream = new Blob([bytesOf(base64)]).stream().pipeThrough(new DecompressionStream("deflate"));
  return JSON.parse(await new Response(stream).text());
}

// Shards are scripts, since a page of file: may read nothing else. What they bring is used only if its digest is right.
const arrived = new Map();
globalThis.auditorShard = (name, data) => { if (typeof data === "string") arrived.set(String(name), data); };
const shards = new Map();
function shard(place) {
  if (!shards.has(place)) shards.set(place, fetchShard(META.shards[place], String(place + 1)));
  return shards.get(place);
}
function fetchShard(about, key) {
  return new Promise((done, failed) => {
    const missing = () => failed(new Error(say("shard", { x: about.name })));
    const element = h("script", { onerror: missing, onload: async () => {
      element.remove();
      const data = arrived.get(key);
      arrived.delete(key);
      if (data !== undefined && (await digestOf(data)) === about.sha256) done(data.split("."));
      else missing();
    } });
    element.src = about.name;
    document.head.append(element);
  });
}
async function digestOf(text) {
  const hash = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return Array.from(new Uint8Array(hash), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

async function open() {
  META = await unpack(byId("data-meta").textContent);
  const blocks = (kind) => Array.from(document.querySelectorAll(`script.data[id^="data-${kind}-"]`), (one) => one);
  const found = blocks("f").map((one) => () => Promise.resolve(one.textContent));
  textChunks = blocks("t").map((one) => () => Promise.resolve(one.textContent));
  META.shards.forEach((about, place) => {
    for (let at = 0; at < about.chunks; at++) {
      (about.kind === "f" ? found : textChunks).push(() => shard(place).then((data) => data[at]));
    }
  });
  CATEGORIES = [...new Set(META.rules.map((rule) => rule[1]))].sort();
  RULE_CATEGORY = Uint8Array.from(META.rules, (rule) => CATEGORIES.indexOf(rule[1]));
  columns(META.shown);
  for (const value of await Promise.all(found.map((get) => get().then(unpack)))) take(value);
  shards.clear(); // the findings are in the columns now
}
const NUMBERS = { doc: Int32Array, rule: Uint16Array, severity: Uint8Array, confidence: Uint8Array, line: Int32Array, column: Int32Array,
  start: Int32Array, end: Int32Array, text: Int32Array, message: Int32Array, why: Int32Array, applied: Uint8Array, decision: Uint8Array, fixKind: Uint8Array };
function columns(n) {
  for (const [name, type] of Object.entries(NUMBERS)) F[name] = new type(n);
}
const places = new Map(); // match -> its place among STRINGS, so that equal matches have equal numbers
function take(value) {
  const base = STRINGS.length, at = F.n, docs = D.n, count = value.doc.length;
  STRINGS = base ? STRINGS.concat(value.strings) : value.strings;
  for (const name of ["rule", "severity", "confidence", "line", "column", "start", "end", "applied", "decision"]) F[name].set(value[name], at);
  for (let i = 0; i < count; i++) {
    const own = base + value.text[i], text = STRINGS[own];
    let known = places.get(text);
    if (known === undefined) places.set(text, (known = own));
    F.text[at + i] = known;
    F.doc[at + i] = docs + value.doc[i];
    F.message[at + i] = base + value.message[i];
    F.why[at + i] = base + value.why[i];
    const fix = value.fix[i];
    if (fix) fix[2] += base;
    F.fixKind[at + i] = value.applied[i] ? 0 : fix ? 1 + fix[3] : 4;
    F.fingerprint.push(value.fingerprint[i]);
    F.fix.push(fix);
  }
  for (const [place, spans] of Object.entries(value.related)) F.related.set(at + Number(place), spans);
  for (const [place, origin] of Object.entries(value.origins)) F.origins.set(at + Number(place), origin);
  for (const name of ["file", "record", "id", "site", "chunk", "slot"]) for (const one of value.docs[name]) D[name].push(one);
  D.n += value.docs.file.length;
  for (let i = at; i < at + count; i++) {
    const doc = F.doc[i];
    if (D.first[doc] === undefined) D.first[doc] = i;
    D.last[doc] = i + 1;
  }
  F.n += count;
}

const opened = new Map(); // chunk -> Promise of its texts; the last ones looked at are kept
function textOf(doc) {
  const chunk = D.chunk[doc];
  if (chunk < 0) return Promise.resolve(null);
  let texts = opened.get(chunk);
  if (texts) opened.delete(chunk);
  else texts = textChunks[chunk]().then(unpack);
  opened.set(chunk, texts);
  if (opened.size > 60) opened.delete(opened.keys().next().value);
  return texts.then((all) => all[D.slot[doc]], (error) => { opened.delete(chunk); throw error; });
}

const ruleOf = (i) => META.rules[F.rule[i]][0];
const pathOf = (doc) => META.files.path[D.file[doc]] ?? "";
const matchOf = (i) => STRINGS[F.text[i]];
function siteOf(doc) { // without one, the folder stands for it
  const path = pathOf(doc);
  return D.site[doc] ?? (path.includes("/") ? path.slice(0, path.lastIndexOf("/")) : path);
}
function placeOf(doc) {
  const path = pathOf(doc);
  return D.record[doc] || /\.(jsonl|ndjson|parquet|warc)(\.gz|\.zst)?$/.test(path) ? `${path}[${D.record[doc]}]` : path;
}
// The name of a finding in the address: its fingerprint, with a number where several share it.
function linkName(i) {
  let same = 1;
  for (let at = F.fingerprint.indexOf(F.fingerprint[i]); at < i; at = F.fingerprint.indexOf(F.fingerprint[i], at + 1)) same++;
  return same > 1 ? `${F.fingerprint[i]}.${same}` : F.fingerprint[i];
}
function linked(name) {
  const [, fingerprint, number] = /^(.*?)(?:\.(\d+))?$/.exec(name);
  let at = F.fingerprint.indexOf(fingerprint);
  for (let left = Number(number ?? 1); left > 1 && at >= 0; left--) at = F.fingerprint.indexOf(fingerprint, at + 1);
  return at;
}
let groups; // rule and match -> findings
function groupOf(i) {
  if (!groups) {
    groups = new Map();
    for (let at = 0; at < F.n; at++) {
      const key = F.rule[at] * 0x1000000 + F.text[at];
      const found = groups.get(key);
      if (found) found.push(at);
      else groups.set(key, [at]);
    }
  }
  return groups.get(F.rule[i] * 0x1000000 + F.text[i]);
}
