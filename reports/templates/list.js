// A list of any length of which only the rows in view are in the document.
class VirtualList {
  constructor({ row, height, role = "option", label, chosen, empty }) {
    this.row = row; this.height = height; this.role = role; this.chosen = chosen; this.count = 0; this.at = -1; this.live = new Map();
    this.top = 0; this.view = 600; // kept, since asking the element makes the browser lay out the page
    this.space = h("div", { class: "space", role: "presentation" });
    this.element = h("div", { class: "virtual", role: "listbox", tabindex: 0, "aria-label": label }, this.space);
    this.empty = h("p", { class: "empty" }, empty);
    this.empty.hidden = true;
    this.element.append(this.empty);
    this.element.addEventListener("scroll", () => { this.top = this.element.scrollTop; this.draw(); }, { passive: true });
    this.element.addEventListener("click", (event) => {
      const row = event.target.closest(".row");
      if (row) this.choose(Number(row.dataset.at));
    });
    new ResizeObserver(([{ contentRect }]) => { this.view = contentRect.height || 600; this.draw(); }).observe(this.element);
  }
  show(count, at) {
    this.count = count; this.at = at;
    this.space.style.height = `${count * this.height}px`; // set from script, which the policy allows
    this.empty.hidden = count > 0;
    if (this.top) this.scroll(0);
    for (const element of this.live.values()) element.remove();
    this.live.clear();
    this.draw();
  }
  draw() {
    const from = Math.max(0, Math.floor(this.top / this.height) - 4), to = Math.min(this.count, Math.ceil((this.top + this.view) / this.height) + 4);
    for (const [at, element] of this.live) if (at < from || at >= to) { element.remove(); this.live.delete(at); }
    for (let at = from; at < to; at++) if (!this.live.has(at)) this.add(at);
    if (this.live.has(this.at)) this.element.setAttribute("aria-activedescendant", `row-${this.at}`);
    else this.element.removeAttribute("aria-activedescendant");
  }
  add(at) {
    const element = h("div", { class: "row", id: `row-${at}`, role: this.role, "aria-setsize": this.count, "aria-posinset": at + 1, "aria-selected": String(at === this.at) });
    element.dataset.at = at;
    element.style.transform = `translateY(${at * this.height}px)`;
    this.row(element, at);
    const after = [...this.live.entries()].filter(([other]) => other > at).sort((a, b) => a[0] - b[0])[0];
    this.space.insertBefore(element, after ? after[1] : null);
    this.live.set(at, element);
  }
  refresh() { // rows again, in their places
    for (const element of this.live.values()) element.remove();
    this.live.clear();
    this.draw();
  }
  move(at, quiet) {
    if (!this.count) return;
    const now = Math.max(0, Math.min(at, this.count - 1)), before = this.at;
    this.at = now;
    for (const one of [before, now]) this.live.get(one)?.setAttribute("aria-selected", String(one === now));
    const top = now * this.height;
    if (top < this.top) this.scroll(top - (this.view > 3 * this.height ? this.height : 0));
    else if (top + this.height > this.top + this.view) this.scroll(top + this.height * 2 - this.view);
    this.draw();
    if (!quiet) this.chosen(now);
  }
  scroll(top) {
    this.top = Math.max(0, Math.min(top, this.count * this.height - this.view));
    this.element.scrollTop = this.top;
  }
  choose(at) { this.move(at); }
}
