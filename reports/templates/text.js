// How corpus text is shown: hidden characters as chips, directions kept apart. The same code points as in text.py.
const VIRAMA = "\\u094D\\u09CD\\u0A4D\\u0ACD\\u0B4D\\u0BCD\\u0C4D\\u0CCD\\u0D3B\\u0D3C\\u0D4D\\u0DCA\\u0E3A\\u0EBA\\u0F84\\u1039\\u103A\\u1714\\u1734\\u17D2\\u1A60\\u1B44\\u1BAA\\u1BAB\\u1BF2\\u1BF3\\u2D7F\\uA806\\uA8C4\\uA953\\uA9C0\\uAAF6\\uABED";
const HIDDEN = new RegExp(
  "[[\\p{C}\\p{DI}\\p{Z}\\u2800]--[ \\u0600-\\u0605\\u06DD\\u070F\\u0890\\u0891\\u08E2\\u200C\\u200D\\uFE0E\\uFE0F]]" +
  "|(?<![[\\p{L}\\p{M}]--\\p{Script=Latin}])\\u200C|\\u200C(?![\\p{L}--\\p{Script=Latin}])" +
  `|(?<![\\p{S}\\uFE0F${VIRAMA}])\\u200D|\\u200D(?![\\p{S}[\\p{L}--[\\p{Script=Arabic}\\p{Script=Latin}]]])` +
  "|(?<![\\p{S}\\p{N}#*])[\\uFE0E\\uFE0F]", "gv");
const RTL = "\\p{Script=Arabic}\\p{Script=Hebrew}\\p{Script=Syriac}\\p{Script=Thaana}\\p{Script=Nko}";
const RTL_LETTER = new RegExp(`[[${RTL}]&&\\p{L}]`, "v");
const RTL_RUN = new RegExp(`[${RTL}](?:[^\\p{Script=Latin}'"⏎]*[${RTL}\\p{M}])?`, "gv");
const NAMES = {
  0x9: ["TAB", "CHARACTER TABULATION"], 0xd: ["CR", "CARRIAGE RETURN"], 0xa0: ["NBSP", "NO-BREAK SPACE"], 0xad: ["SHY", "SOFT HYPHEN"],
  0x61c: ["ALM", "ARABIC LETTER MARK"], 0x200b: ["ZWSP", "ZERO WIDTH SPACE"], 0x200c: ["ZWNJ", "ZERO WIDTH NON-JOINER"],
  0x200d: ["ZWJ", "ZERO WIDTH JOINER"], 0x200e: ["LRM", "LEFT-TO-RIGHT MARK"], 0x200f: ["RLM", "RIGHT-TO-LEFT MARK"],
  0x2028: ["LS", "LINE SEPARATOR"], 0x2029: ["PS", "PARAGRAPH SEPARATOR"], 0x202a: ["LRE", "LEFT-TO-RIGHT EMBEDDING"],
  0x202b: ["RLE", "RIGHT-TO-LEFT EMBEDDING"], 0x202c: ["PDF", "POP DIRECTIONAL FORMATTING"], 0x202d: ["LRO", "LEFT-TO-RIGHT OVERRIDE"],
  0x202e: ["RLO", "RIGHT-TO-LEFT OVERRIDE"], 0x202f: ["NNBSP", "NARROW NO-BREAK SPACE"], 0x2060: ["WJ", "WORD JOINER"],
  0x2066: ["LRI", "LEFT-TO-RIGHT ISOLATE"], 0x2067: ["RLI", "RIGHT-TO-LEFT ISOLATE"], 0x2068: ["FSI", "FIRST STRONG ISOLATE"],
  0x2069: ["PDI", "POP DIRECTIONAL ISOLATE"], 0xfeff: ["BOM", "ZERO WIDTH NO-BREAK SPACE"], 0x3000: ["IDSP", "IDEOGRAPHIC SPACE"],
  0xfffc: ["OBJ", "OBJECT REPLACEMENT CHARACTER"], 0x1b: ["ESC", "ESCAPE"], 0x0: ["NUL", "NULL"],
};
const codePoint = (char) => "U+" + char.codePointAt(0).toString(16).toUpperCase().padStart(4, "0");
function chip(char) {
  if (char === "\n") return h("span", { class: "chip", title: "U+000A LINE FEED" }, "⏎");
  const [short, long] = NAMES[char.codePointAt(0)] ?? [codePoint(char), ""];
  return h("span", { class: "chip", title: `${codePoint(char)} ${long}`.trim() }, short);
}
function pieces(text, show) { // calls show(part, hidden) over the text
  let end = 0;
  HIDDEN.lastIndex = 0;
  for (const match of text.matchAll(HIDDEN)) {
    if (match.index > end) show(text.slice(end, match.index), false);
    show(match[0], true);
    end = match.index + match[0].length;
  }
  if (end < text.length) show(text.slice(end), false);
}
function put(element, text) { // corpus text into an element that has a direction of its own
  pieces(text, (part, hidden) => element.append(hidden ? chip(part) : part));
  return element;
}
function prose(element, text) { // a left-to-right sentence that quotes right-to-left words
  pieces(text, (part, hidden) => {
    if (hidden) return element.append(chip(part));
    let end = 0;
    for (const run of part.matchAll(RTL_RUN)) {
      element.append(part.slice(end, run.index), h("bdi", null, run[0]));
      end = run.index + run[0].length;
    }
    element.append(part.slice(end));
  });
  return element;
}
const message = (text, given) => prose(h("span", { dir: "ltr", class: "message", ...given }), text);
const ltr = (text, given) => put(h("bdi", { dir: "ltr", ...given }), text); // paths, ids, rule names
function plain(text) { // for titles and aria labels, where there are no elements
  let made = "";
  pieces(text, (part, hidden) => { made += hidden ? (part === "\n" ? "⏎" : `<${codePoint(part)}>`) : part; });
  return made;
}
function units(text) { // code points -> UTF-16 units
  if (!/[\ud800-\udfff]/.test(text)) return (at) => at;
  const places = [];
  let at = 0;
  for (const char of text) { places.push(at); at += char.length; }
  places.push(at);
  return (point) => places[Math.max(0, Math.min(point, places.length - 1))];
}
function middle(text, width) {
  if (text.length <= width) return text;
  const chars = Array.from(text);
  return chars.length <= width ? text : chars.slice(0, width >> 1).join("") + "…" + chars.slice((width >> 1) + 1 - width).join("");
}
