// Replaces each static picture by a chart, laid out for the width of the page and coloured for its theme.
(() => {
  "use strict";
  const NARROW_BELOW = 640;
  const dark = matchMedia("(prefers-color-scheme: dark)");

  const charts = [...document.querySelectorAll("figure.chart")].map(figure => ({
    figure,
    live: figure.querySelector(".live"),
    spec: JSON.parse(figure.querySelector("script").textContent),
    drawn: "",
  }));

  const draw = chart => {
    const narrow = chart.figure.clientWidth < NARROW_BELOW;
    const state = `${narrow} ${dark.matches}`;
    if (chart.drawn === state) { return; }
    const layout = structuredClone(narrow ? chart.spec.narrow : chart.spec.wide);
    layout.font.color = dark.matches ? "#e6e8eb" : "#24292f";
    layout.hoverlabel.bgcolor = dark.matches ? "#20252b" : "#ffffff";
    layout.hoverlabel.font = { color: layout.font.color };
    chart.figure.querySelector(".picture").hidden = true;
    chart.live.hidden = false;
    const first = chart.drawn === "";
    chart.drawn = state;
    Plotly.react(chart.live, chart.spec.data, layout, chart.spec.config);
    if (first) { chart.live.on("plotly_legendclick", event => togglePublished(chart.live, event)); }
  };

  // The legend has one line for the faint marks of all names: it hides and shows them together.
  const togglePublished = (live, event) => {
    const clicked = live.data[event.curveNumber];
    if (clicked.meta !== "published" || clicked.x.some(x => x !== null)) { return true; }
    const lines = live.data.map((trace, at) => at).filter(at => live.data[at].meta === "published" && live.data[at].type === "scatter");
    Plotly.restyle(live, { visible: clicked.visible === "legendonly" ? true : "legendonly" }, lines);
    return false;
  };

  const drawAll = () => charts.forEach(draw);
  drawAll();
  addEventListener("resize", drawAll);
  dark.addEventListener("change", drawAll);
})();
