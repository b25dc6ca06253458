// Small drawings: bars of 0..1, spreads over documents, intervals. Sizes are attributes; the policy allows no inline styles.
function histogram(figure, label, level) {
  const most = Math.max(...figure.bins, 1), wide = 168, high = 40, step = wide / figure.bins.length;
  const bars = figure.bins.map((count, at) => {
    const tall = count ? Math.max(2, high * Math.sqrt(count / most)) : 0; // few among many stay visible
    const from = (at / figure.bins.length) * figure.top, to = ((at + 1) / figure.bins.length) * figure.top;
    const bar = s("rect", { x: (at * step + 0.5).toFixed(2), y: (high - tall).toFixed(2), width: (step - 1).toFixed(2), height: tall.toFixed(2), class: level?.(from) ?? "plain", rx: 1 });
    bar.append(s("title", null, `${from.toFixed(2)}–${to.toFixed(2)}: ${number(count)}`));
    return bar;
  });
  const text = say("histogram", { x: some("document", figure.count), y: label });
  return s("svg", { class: "histogram", viewBox: `0 0 ${wide} ${high + 1}`, role: "img", "aria-label": text, preserveAspectRatio: "none" },
    ...bars, s("line", { x1: 0, x2: wide, y1: high + 0.5, y2: high + 0.5, class: "axis" }));
}
const levelOf = (value) => (value < 0.5 ? "low" : value < 0.8 ? "middle" : "high");
function bar(value, level, most = 1) {
  const wide = most ? Math.min(Math.max(value / most, 0), 1) * 100 : 0;
  return s("svg", { class: "bar", viewBox: "0 0 100 6", preserveAspectRatio: "none", "aria-hidden": "true" },
    s("rect", { width: 100, height: 6, class: "track" }), s("rect", { width: wide.toFixed(1), height: 6, class: level }));
}
function interval(found) {
  const x = (value) => (value * 120).toFixed(1);
  return s("svg", { class: "interval", viewBox: "0 0 120 12", role: "img", "aria-label": `${percents.format(found.low)}–${percents.format(found.high)}` },
    s("rect", { x: 0, y: 5, width: 120, height: 2, class: "track" }),
    s("rect", { x: x(found.low), y: 4, width: x(found.high - found.low), height: 4, class: "range", rx: 2 }),
    s("circle", { cx: x(found.value), cy: 6, r: 4, class: "point" }));
}
function quality(value) {
  return h("span", { class: "quality" }, bar(value, levelOf(value)), h("span", { class: "figure" }, value.toFixed(2)));
}
