// Elements are made one by one and texts put in as texts: nothing here ever parses markup.
function h(tag, given, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(given ?? {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "class") element.className = value;
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}
const SVG = "http://www.w3.org/2000/svg";
function s(tag, given, ...children) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(given ?? {})) element.setAttribute(name, value);
  element.append(...children);
  return element;
}
const byId = (id) => document.getElementById(id);
let spoken = 0;
function live(text) { // a changed space makes the same words news again
  byId("live").textContent = text + (spoken++ % 2 ? "\u00a0" : "");
}
function toast(text) {
  live(text);
  const note = h("div", { class: "toast", "aria-hidden": "true" }, text);
  document.body.append(note);
  setTimeout(() => note.remove(), 1800);
}
function kbd(key) { return h("kbd", null, key); }
const pause = globalThis.requestIdleCallback ?? ((work) => setTimeout(work, 20));
function later(wait, work) {
  let timer = 0;
  return (...given) => { clearTimeout(timer); timer = setTimeout(() => work(...given), wait); };
}
