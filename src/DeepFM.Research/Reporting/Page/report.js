// Replaces each static picture by a chart, laid out for the width of the page and coloured for its theme.
(() => {
  "use strict";
  const dark = matchMedia("(prefers-color-scheme: dark)");

  const charts = [...document.querySelectorAll("figure.chart")].map(figure => ({
    figure,
    plot: figure.querySelector(".plot"),
    spec: JSON.parse(figure.querySelector("script").textContent),
    hidden: new Set(),
    drawn: "",
  }));

  const draw = chart => {
    const narrow = chart.figure.clientWidth < chart.spec.narrowBelow;
    const state = [narrow, dark.matches, ...chart.hidden].join();
    if (chart.drawn === state) { return; }
    chart.drawn = state;
    const layout = structuredClone(narrow ? chart.spec.narrow : chart.spec.wide);
    layout.font.color = dark.matches ? "#e6e8eb" : "#24292f";
    layout.hoverlabel.bgcolor = dark.matches ? "#20252b" : "#ffffff";
    layout.hoverlabel.font = { color: layout.font.color };
    const data = structuredClone(chart.spec.data);
    // Published values are hidden with the measured ones of their name, too.
    data.forEach(trace => { trace.visible = !chart.hidden.has(trace.meta) && !chart.hidden.has(trace.legendgroup); });
    chart.figure.querySelector(".picture").hidden = true;
    chart.figure.querySelector(".live").hidden = false;
    Plotly.react(chart.plot, data, layout, chart.spec.config);
  };

  const toggle = (chart, button) => {
    const label = button.dataset.entry;
    if (!chart.hidden.delete(label)) { chart.hidden.add(label); }
    button.setAttribute("aria-pressed", String(!chart.hidden.has(label)));
    draw(chart);
  };

  charts.forEach(chart => chart.figure.querySelectorAll(".legend button")
    .forEach(button => button.addEventListener("click", () => toggle(chart, button))));
  const drawAll = () => charts.forEach(draw);
  drawAll();
  addEventListener("resize", drawAll);
  dark.addEventListener("change", drawAll);
})();
