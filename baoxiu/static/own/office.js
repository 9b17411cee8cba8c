// Charts of the office: numbers come as JSON beside the drawing; the table under it says the same.
"use strict";
(() => {
  const made = [];

  function colours(box) {
    const style = getComputedStyle(box);
    const of = (name, isWhole) => {
      const probe = document.createElement("i");
      probe.style.color = isWhole ? name : `var(${name})`;
      box.append(probe);
      const found = getComputedStyle(probe).color;
      probe.remove();
      return asRgb(found);
    };
    return { of, ink: asRgb(style.color), quiet: of("--tblr-secondary"), line: of("--tblr-border-color"), accent: of("--tblr-primary"), tints: [100, 76, 56, 40, 28].map((n) => of(`color-mix(in oklab, var(--tblr-primary) ${n}%, var(--tblr-bg-surface))`, true)) };
  }

  // the drawing library knows no oklch(): a pixel tells the colour
  const pixel = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  function asRgb(colour) {
    pixel.clearRect(0, 0, 1, 1);
    pixel.fillStyle = colour;
    pixel.fillRect(0, 0, 1, 1);
    const [r, g, b] = pixel.getImageData(0, 0, 1, 1).data;
    return `rgb(${r},${g},${b})`;
  }

  function draw(box) {
    const data = JSON.parse(box.querySelector("script").textContent);
    const c = colours(box);
    const chart = echarts.getInstanceByDom(box.firstElementChild) || echarts.init(box.firstElementChild, null, { renderer: "svg" });
    const text = { color: c.quiet, fontFamily: getComputedStyle(document.body).fontFamily };
    const isShare = data.form === "share", isMoney = data.form === "money", isLine = data.form !== "count" && !isMoney;
    chart.setOption({
      animation: false,
      // lines lie over one another and need hues apart; stacked bars need shades of one
      color: isLine || isMoney ? [c.accent, ...["--tblr-green", "--tblr-orange", "--tblr-purple", "--tblr-red"].map((n) => c.of(n)), c.ink] : [...c.tints, c.quiet, c.line, c.ink],
      textStyle: text,
      grid: { left: 8, right: 8, top: 34, bottom: 4, containLabel: true },
      legend: { top: 0, left: 0, textStyle: { color: c.ink }, itemWidth: 12, itemHeight: 8, type: "scroll" },
      tooltip: { trigger: "axis", axisPointer: { type: "shadow" } },
      xAxis: { type: "category", data: data.labels, axisLine: { lineStyle: { color: c.line } }, axisTick: { show: false }, axisLabel: { color: c.quiet, hideOverlap: true } },
      // minutes and weeks in one drawing: hours on a logarithmic scale
      yAxis: { type: data.form === "hours" ? "log" : "value", minInterval: 1, min: data.form === "points" ? -100 : null, max: isShare || data.form === "points" ? 100 : null, splitLine: { lineStyle: { color: c.line } }, axisLabel: { color: c.quiet, formatter: isShare ? "{value} %" : "{value}" } },
      series: data.series.map((s) => data.form === "hours" ? { ...s, values: s.values.map((v) => v === null ? null : Math.max(v, 0.1)) } : s).map((s) => isLine ? { name: s.name, type: "line", data: s.values, connectNulls: true, symbolSize: 5, lineStyle: { width: 2 } } : ({ name: s.name, type: "bar", stack: isMoney ? null : "all", barMaxWidth: 28, data: s.values, itemStyle: { borderWidth: 0 } })),
    }, true);
    chart.off("click");
    chart.on("click", (point) => { const { channel } = data.series[point.seriesIndex]; location.href = data.links[point.dataIndex] + (channel ? `&channel=${channel}` : ""); });
    made.push(chart);
  }

  const boxes = document.querySelectorAll("[data-chart]");
  boxes.forEach((box) => { box.prepend(document.createElement("div")); draw(box); });
  addEventListener("resize", () => made.forEach((chart) => chart.resize()));
  const again = () => boxes.forEach(draw);
  new MutationObserver(again).observe(document.documentElement, { attributes: true, attributeFilter: ["data-bs-theme"] });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", again);
})();
