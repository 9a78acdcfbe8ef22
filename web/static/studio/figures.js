// Draws the figures by day with uPlot, and reads the retention curve under the pointer. The numbers stand in tables too.
import { all, maybe, one } from "../dom.js";
const data = document.getElementById("figures");
const chart = maybe(document, "[data-chart]");
if (data && chart && window.uPlot) drawChart(window.uPlot, chart, JSON.parse(data.textContent));
readCurve(maybe(document, "[data-curve]"));

/** @param {typeof import("uplot")} Plot @param {HTMLElement} box @param {Figures} figures */
function drawChart(Plot, box, { days, names, language, series }) {
  const plot = one(box, "[data-plot]");
  const reading = one(box, "[data-reading]");
  const number = new Intl.NumberFormat(language, { maximumFractionDigits: 0 });
  const monthly = days.length > 1 && days[1] - days[0] > 86400;
  const label = new Intl.DateTimeFormat(language === "en" ? "en-GB" : language, { timeZone: "UTC", month: language === "en" ? "short" : "numeric", ...(monthly ? { year: "numeric" } : { day: "numeric" }) });
  const half = (monthly ? 30 : 1) * 43200;
  /** @type {import("uplot") | null} */
  let drawn = null;

  /** @param {string} name */
  const colour = (name) => getComputedStyle(box).getPropertyValue(name).trim();
  const chosen = () => series[one(box, "input:checked", HTMLInputElement).value];

  /** @param {number | null | undefined} at */
  function tell(at) {
    const index = at ?? days.length - 1;
    reading.textContent = `${names[index]}: ${number.format(chosen()[index])}`;
  }

  /** @param {import("uplot").Axis} more @returns {import("uplot").Axis} */
  function axis(more) {
    return { stroke: colour("--soft"), font: "13px system-ui, sans-serif", grid: { stroke: colour("--line"), width: 1 }, ticks: { show: false }, ...more };
  }

  /** @returns {import("uplot").Options} */
  function options() {
    return {
      width: plot.clientWidth,
      height: plot.clientHeight,
      legend: { show: false },
      cursor: { y: false, drag: { x: false, y: false }, points: { show: false } },
      tzDate: (seconds) => Plot.tzDate(new Date(seconds * 1000), "Etc/UTC"),
      scales: { x: { range: (_, first, last) => [first - half, last + half] }, y: { range: (_, __, most) => [0, Math.max(most * 1.1, 4)] } },
      axes: [
        axis({ grid: { show: false }, size: 32, space: 60, incrs: [1, 2, 7, 14, 30, 61, 91, 182, 365].map((each) => each * 86400), values: (_, splits) => splits.map((each) => label.format(each * 1000)) }),
        axis({ size: 64, incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1e3, 2e3, 5e3, 1e4, 2e4, 5e4, 1e5, 1e6], values: (_, splits) => splits.map((each) => number.format(each)) }),
      ],
      series: [{}, { fill: colour("--teal"), stroke: colour("--teal"), width: 0, points: { show: false }, paths: Plot.paths.bars?.({ size: [0.8, 48] }) }],
      hooks: { setCursor: [(at) => tell(at.cursor.idx)] },
    };
  }

  function draw() {
    drawn?.destroy();
    drawn = new Plot(options(), [days, chosen()], plot);
    tell(null);
  }

  box.hidden = false;
  box.addEventListener("change", draw);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
  new ResizeObserver(() => { if (drawn && plot.clientWidth && drawn.width !== plot.clientWidth) drawn.setSize({ width: plot.clientWidth, height: plot.clientHeight }); }).observe(plot);
  draw();
}

/** @param {HTMLElement | null} curve */
function readCurve(curve) {
  if (!curve) return;
  const rows = all(document, "[data-share]");
  const told = one(document, "[data-moment]");
  curve.addEventListener("pointermove", (event) => {
    const { left, width } = curve.getBoundingClientRect();
    const at = Math.min(rows.length - 1, Math.max(0, Math.floor(((event.clientX - left) / width) * rows.length)));
    told.textContent = [...rows[at].children].map((each) => each.textContent).join(" · ");
  });
}
