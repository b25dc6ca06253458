// One text: the original beside the cleaned one, line by line, findings and changes marked in place.
const WORD = /[\p{L}\p{M}\p{N}\u0640_]/u;
function wordAround(text, start, end) {
  while (start > 0 && WORD.test(text[start - 1]) && WORD.test(text[start] ?? "")) start--;
  while (end < text.length && WORD.test(text[end]) && WORD.test(text[end - 1] ?? "")) end++;
  return [start, end];
}
function prepared(part, doc, edits, current) { // places of a passage in UTF-16 units
  const [base, line, column, text] = part;
  const unit = units(text), size = Array.from(text).length;
  const within = (start, end) => start <= base + size && end >= base;
  const here = (start, end) => [unit(Math.max(start - base, 0)), unit(Math.min(end - base, size))];
  const marks = [];
  for (let i = D.first[doc]; i < D.last[doc]; i++) {
    if (within(F.start[i], F.end[i])) marks.push({ i, span: here(F.start[i], F.end[i]) });
  }
  const changes = edits.filter(([start, end]) => within(start, end) && start >= base && end <= base + size).map(([start, end, put]) => {
    const [a, b] = here(start, end);
    return { a, b, put, word: wordAround(text, a, b) };
  });
  const related = (F.related.get(current) ?? []).filter((span) => within(...span)).map((span) => here(...span));
  return { text, line, column, marks, changes, related };
}
function linesOf(part) { // {number, a, b, e}: offsets of a line, its end without and with the line break
  const lines = [];
  let a = 0, at = part.line;
  while (a < part.text.length) {
    const stop = part.text.indexOf("\n", a), e = stop < 0 ? part.text.length : stop + 1;
    const b = stop < 0 ? e : part.text[stop - 1] === "\r" && stop - 1 >= a ? stop - 1 : stop;
    lines.push({ number: at++, a, b, e });
    a = e;
  }
  return lines;
}
function original(part, line, current) {
  const cell = h("p", { class: "text", dir: "auto" });
  const marks = part.marks.filter(({ span }) => span[0] < line.e && span[1] > line.a);
  const changes = part.changes.filter(({ a, b, word }) => a < line.e && b >= line.a && (b > line.a || a === b) && word[1] > line.a - 1);
  const cuts = new Set([line.a, line.b]);
  const cut = (at) => { if (at > line.a && at < line.b) cuts.add(at); };
  marks.forEach(({ span }) => span.forEach(cut));
  part.related.forEach((span) => span.forEach(cut));
  changes.forEach(({ a, b, word }) => [a, b, ...word].forEach(cut));
  const order = [...cuts].sort((x, y) => x - y);
  for (let at = 0; at + 1 < order.length; at++) {
    const [a, b] = [order[at], order[at + 1]];
    const own = marks.filter(({ span }) => span[0] <= a && span[1] >= b);
    const other = part.related.some((span) => span[0] <= a && span[1] >= b);
    const gone = changes.some((one) => one.a <= a && one.b >= b), near = changes.some(({ word }) => word[0] <= a && word[1] >= b);
    const kinds = [gone ? "gone" : near ? "near" : null, own.length ? SEVERITIES[Math.min(...own.map(({ i }) => F.severity[i]))] : null, own.some(({ i }) => i === current) ? "current" : null, other ? "related" : null];
    const name = kinds.filter(Boolean).join(" ");
    const titles = [...own.map(({ i }) => plain(`${ruleOf(i)}: ${STRINGS[F.message[i]]}`)), ...(other ? [say("related.here")] : [])];
    const piece = own.length || other ? h("mark", { class: name, title: titles.join("\n") }) : name ? h(gone ? "del" : "span", { class: name }) : null;
    if (own.length) piece.dataset.i = (own.find(({ i }) => i === current) ?? own[own.length - 1]).i;
    if (piece) cell.append(put(piece, part.text.slice(a, b)));
    else put(cell, part.text.slice(a, b));
  }
  const broken = changes.some(({ a, b }) => a <= line.b && b >= line.e && line.e > line.b);
  if (broken && !(changes.some(({ a, b }) => a <= line.a && b >= line.e))) cell.append(h("span", { class: "chip", title: say("break") }, "⏎"));
  return cell;
}
function cleaned(part, line) {
  const cell = h("p", { class: "text", dir: "auto" });
  const changes = part.changes.filter(({ a, b }) => (a < line.e && b > line.a) || (a === b && a >= line.a && a < line.e) || (a === b && a === part.text.length && line.e === a));
  let at = line.a, any = false;
  const keep = (from, to) => { // the rest of a changed word is marked lightly
    for (let x = from; x < to;) {
      const near = changes.find(({ word }) => word[0] <= x && word[1] > x);
      const y = near ? Math.min(to, near.word[1]) : Math.min(to, ...changes.map(({ word }) => word[0]).filter((z) => z > x));
      const shown = part.text.slice(x, Math.min(y, Math.max(line.b, x)));
      if (shown) { any = true; near && WORD.test(shown) ? cell.append(put(h("span", { class: "near" }), shown)) : put(cell, shown); }
      x = y;
    }
  };
  for (const { a, b, put: added } of changes) {
    keep(at, Math.max(a, at));
    if (a >= line.a && added) { cell.append(put(h("ins", null), added)); any = true; }
    at = Math.max(at, b);
  }
  keep(at, line.e);
  const whole = changes.some(({ a, b }) => a <= line.a && b >= line.b && b > a);
  if (!any && whole) { cell.className = "text removed"; cell.append(h("span", { class: "unseen" }, say("gone"))); }
  return cell;
}
function mostlyRtl(parts) {
  let rtl = 0, ltr = 0;
  for (const char of parts.map((part) => part[3]).join("\n").slice(0, 2000)) {
    if (RTL_LETTER.test(char)) rtl++;
    else if (/\p{L}/u.test(char)) ltr++;
  }
  return rtl > ltr;
}
function diffTable(doc, text, { current = -1, around = null, folded = false } = {}) { // ``around``: lines before and after the current finding only
  const body = h("div", { class: "diff", role: "table", dir: mostlyRtl(text.parts) ? "rtl" : "ltr" });
  const head = (name) => h("div", { role: "columnheader", class: "head" }, name);
  body.append(h("div", { role: "row", class: "pair heads" }, h("div", { class: "no", role: "columnheader" }, h("span", { class: "unseen" }, say("lines"))), head(say("original")), head(say("cleaned"))));
  for (const given of text.parts) {
    const part = prepared(given, doc, text.edits, current);
    const related = ({ a, e }) => part.related.some((span) => span[0] < e && span[1] > a);
    let lines = linesOf(part);
    if (around !== null) lines = lines.filter((line) => related(line) || (line.number >= F.line[current] - around && line.number <= F.line[current] + around + Math.min(6, lineSpan(current))));
    const busy = lines.map((line) => related(line) || part.marks.some(({ span }) => span[0] < line.e && span[1] > line.a) || part.changes.some(({ a, b }) => a < line.e && b >= line.a && (b > line.a || a === b)));
    const near = busy.map((_, at) => !folded || busy.slice(Math.max(0, at - 2), at + 3).some(Boolean));
    if (body.children.length > 1 && lines.length) body.append(gap());
    for (let at = 0; at < lines.length;) {
      let stop = at;
      while (stop < lines.length && !near[stop]) stop++;
      if (stop > at + 2) {
        const held = lines.slice(at, stop);
        const button = h("button", { class: "fold", type: "button", onclick: () => button.replaceWith(...held.map((line) => pairOf(part, line, current))) }, some("line", held.length));
        body.append(button);
        at = stop;
      } else {
        if (at && lines[at].number > lines[at - 1].number + 1) body.append(gap());
        body.append(pairOf(part, lines[at++], current));
      }
    }
  }
  return body;
}
const gap = () => h("div", { class: "gap", "aria-hidden": "true" }, "⋯");
function relatedIn(i, text) { // [line, what stands there] of each span a finding points to, as far as it is kept
  const found = [];
  for (const given of text.parts) {
    const part = prepared(given, F.doc[i], [], i);
    for (const [a, b] of part.related) found.push([part.line + (part.text.slice(0, a).match(/\n/g) ?? []).length, part.text.slice(a, b)]);
  }
  return found;
}
const lineSpan = (i) => (matchOf(i).match(/\n/g) ?? []).length;
function pairOf(part, line, current) {
  const left = original(part, line, current), right = cleaned(part, line);
  const changed = left.querySelector(".gone, .chip[title]") || right.querySelector("ins") || right.classList.contains("removed");
  return h("div", { role: "row", class: changed ? "pair changed" : "pair" }, h("div", { class: "no", role: "rowheader" }, String(line.number)),
    h("div", { role: "cell", class: "cell" }, left), h("div", { role: "cell", class: "cell" }, right));
}
// The line around a finding, for the list: what stands before and after the match.
function surroundings(i, text, width = 70) {
  for (const part of text.parts) {
    const size = Array.from(part[3]).length;
    if (F.start[i] < part[0] || F.start[i] > part[0] + size) continue;
    const unit = units(part[3]), a = unit(F.start[i] - part[0]), b = unit(Math.min(F.end[i] - part[0], size));
    const from = Math.max(part[3].lastIndexOf("\n", a - 1) + 1, a - width, 0);
    let stop = part[3].indexOf("\n", b);
    if (stop < 0) stop = part[3].length;
    if (stop > b && part[3][stop - 1] === "\r") stop--;
    return [whole(part[3].slice(a === 0 ? 0 : from, a), from > 0 && a - from >= width, true), whole(part[3].slice(b, Math.min(stop, b + width)), stop > b + width, false)];
  }
  return ["", ""];
}
function whole(text, cut, head) { // no halves of words or pairs at a cut
  if (!cut) return text;
  const space = head ? text.indexOf(" ") : text.lastIndexOf(" ");
  if (space < 0) return head ? "…" + text.replace(/^[\udc00-\udfff]/, "") : text.replace(/[\ud800-\udbff]$/, "") + "…";
  return head ? "…" + text.slice(space) : text.slice(0, space) + " …";
}
