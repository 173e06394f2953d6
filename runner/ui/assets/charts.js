"use strict";
// Charts over time, each with a table that says the same. Data comes as {interval, columns: {name: [values]}, heat}.
// What comes from a target or a plan only ever becomes text (textContent), never markup.

const fmt = {
  digits(v) {
    if (v === null || v === undefined || !isFinite(v)) return "–";
    if (v === 0) return "0";
    const a = Math.abs(v);
    if (a >= 1000) return Math.round(v).toLocaleString("en");
    return v.toLocaleString("en", { maximumSignificantDigits: 3, minimumSignificantDigits: a >= 1 && Number.isInteger(v) ? 1 : 3 });
  },
  count: (v) => (v === undefined || v === null ? "–" : Number(v).toLocaleString("en")),
  ms(v) {
    if (v === null || v === undefined || !isFinite(v)) return "–";
    if (v === 0) return "0 ms";
    if (v < 1) return fmt.digits(v * 1000) + " µs";
    return v < 1000 ? fmt.digits(v) + " ms" : fmt.digits(v / 1000) + " s";
  },
  percent(r) {
    if (r === null || r === undefined || !isFinite(r)) return "–";
    const text = fmt.digits(r * 100);
    return (text === "100" && r !== 1 ? (r * 100).toString() : text) + "%";
  },
  bytes(v) {
    for (const unit of ["B", "KiB", "MiB", "GiB"]) {
      if (v < 1024 || unit === "GiB") return fmt.digits(v) + " " + unit;
      v /= 1024;
    }
  },
  unit(v, unit) {
    switch (unit) {
      case "ms": return fmt.ms(v);
      case "%": return fmt.percent(v);
      case "/s": return fmt.digits(v) + "/s";
      case "bytes": return fmt.bytes(v);
      case "bytes/s": return fmt.bytes(v) + "/s";
      default: return fmt.digits(v) + (unit ? " " + unit : "");
    }
  },
  clock(s) {
    s = Math.max(0, Math.floor(s));
    const two = (n) => String(n).padStart(2, "0");
    const h = Math.floor(s / 3600), m = Math.floor(s / 60) % 60;
    return h > 0 ? h + ":" + two(m) + ":" + two(s % 60) : m + ":" + two(s % 60);
  },
};

function el(name, text, attributes) {
  const e = document.createElement(name);
  if (text !== undefined && text !== null) e.textContent = text;
  for (const [k, v] of Object.entries(attributes || {})) e.setAttribute(k, v);
  return e;
}

const color = (name) => getComputedStyle(document.documentElement).getPropertyValue("--" + name).trim();

// The charts: which columns they draw, and how a value reads. perSecond divides counts by the interval.
const kinds = [
  { id: "rate", title: "Requests per second", value: (v) => fmt.digits(v) + "/s", perSecond: true, fill: true,
    columns: [["http_reqs", "requests", "rate"], ["http_req_failed", "failed", "fail"]] },
  { id: "latency", title: "Latency (http_req_latency)", value: fmt.ms, gaps: true,
    columns: [["p50", "p50", "p50"], ["p95", "p95", "p95"], ["p99", "p99", "p99"]] },
  { id: "heat", title: "Latency heat map: how many requests took how long", heat: true, value: fmt.ms, columns: [] },
  { id: "vus", title: "Virtual users", value: fmt.count, fill: true, columns: [["vus", "VUs", "vus"]] },
  { id: "iterations", title: "Iterations per second", value: (v) => fmt.digits(v) + "/s", perSecond: true,
    columns: [["iterations", "ended", "iter"], ["dropped_iterations", "dropped", "fail"]] },
  { id: "errors", title: "Errors per second", value: (v) => fmt.digits(v) + "/s", perSecond: true, fill: true,
    columns: [["http_req_failed", "failed requests", "fail"], ["request_errors", "transport errors", "p95"]] },
];

class Charts {
  constructor(root) {
    this.all = kinds.map((kind) => new Chart(root, kind));
    this.watch = new ResizeObserver(() => this.all.forEach((c) => c.resize()));
    this.watch.observe(root);
  }
  show(data) {
    this.data = data;
    this.all.forEach((c) => c.show(data));
  }
  repaint() {
    this.all.forEach((c) => c.drop());
    if (this.data) this.show(this.data);
  }
}

class Chart {
  constructor(root, kind) {
    this.kind = kind;
    this.box = el("div", null, { class: "chart", id: "chart-" + kind.id });
    const title = el("h3", kind.title, { id: "chart-title-" + kind.id });
    this.plot = el("div", null, { class: "plot", role: "img", "aria-labelledby": title.id });
    this.details = el("details");
    this.details.append(el("summary", "As a table"));
    this.scroll = el("div", null, { class: "scroll", tabindex: "0", role: "region", "aria-label": kind.title + ", as a table" });
    this.details.append(this.scroll);
    this.details.addEventListener("toggle", () => this.table());
    this.box.append(title, this.plot, this.details);
    root.append(this.box);
  }

  // columns is the data in the order of the kind; null where a percentile has no requests.
  columns(data) {
    return this.kind.columns.map(([name]) => {
      const values = data.columns[name] || [];
      if (this.kind.perSecond) return values.map((v) => v / data.interval);
      return this.kind.gaps ? values.map((v) => (v > 0 ? v : null)) : values;
    });
  }

  show(data) {
    this.data = data;
    const there = this.kind.heat ? data.heat : this.kind.columns.some(([name]) => data.columns[name]);
    this.box.hidden = !there;
    if (!there) return;
    const xs = Array.from({ length: data.length }, (_, i) => (i + 1) * data.interval);
    this.rows = this.kind.heat ? [xs.map(() => null)] : this.columns(data);
    if (!this.chart) this.chart = new uPlot(this.options(), [xs, ...this.rows], this.plot);
    else this.chart.setData([xs, ...this.rows]);
    this.plot.setAttribute("aria-label", this.kind.title + ": " + this.summary());
    if (this.details.open) this.table();
  }

  // summary is what a reader who can't see the chart is told first.
  summary() {
    if (this.kind.heat) return "a table below has the numbers";
    return this.kind.columns.map(([, label], i) => {
      const seen = this.rows[i].filter((v) => v !== null);
      if (!seen.length) return label + " none";
      return label + " now " + this.kind.value(seen[seen.length - 1]) + ", at most " + this.kind.value(seen.reduce((a, b) => Math.max(a, b), 0));
    }).join("; ");
  }

  table() {
    if (!this.details.open || !this.rows) return;
    const table = el("table"), head = el("tr"), body = el("tbody");
    const names = this.kind.heat ? ["latency", "requests"] : this.kind.columns.map((c) => c[1]);
    head.append(el("th", "Time"), ...names.map((n) => el("th", n, { class: "n" })));
    table.append(el("thead"), body);
    table.tHead.append(head);
    const many = this.data.length, step = Math.max(1, Math.ceil(many / 120));
    for (let i = many - 1; i >= 0; i -= step) {
      const at = fmt.clock((i + 1) * this.data.interval);
      if (this.kind.heat) {
        this.cells(i).forEach(([low, high, n]) => {
          const row = el("tr");
          row.append(el("td", at), el("td", fmt.ms(low) + " to " + fmt.ms(high), { class: "n" }), el("td", fmt.count(n), { class: "n" }));
          body.append(row);
        });
        continue;
      }
      const row = el("tr");
      row.append(el("td", at), ...this.rows.map((r) => el("td", this.kind.value(r[i]), { class: "n" })));
      body.append(row);
    }
    this.scroll.replaceChildren(table);
  }

  cells(i) {
    const heat = this.data.heat, out = [];
    const at = Math.floor((i * this.data.interval) / heat.interval), list = heat.counts[at] || [];
    for (let k = 0; k < list.length; k += 2) out.push([heat.bounds[list[k]], heat.bounds[list[k] + 1], list[k + 1]]);
    return out;
  }

  size() { return { width: Math.max(200, this.plot.clientWidth), height: 200 }; }
  resize() { if (this.chart && !this.box.hidden) this.chart.setSize(this.size()); }
  drop() { if (this.chart) { this.chart.destroy(); this.chart = null; } }

  options() {
    const quiet = color("quiet"), grid = { stroke: color("line"), width: 1 };
    const axis = { stroke: quiet, grid, ticks: grid, font: "11px system-ui, sans-serif" };
    const y = { ...axis, size: 64, values: (_, all) => all.map((v) => (v === null ? "" : this.kind.value(v))) };
    const x = { ...axis, values: (_, all) => all.map(fmt.clock), incrs: [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400], space: 56 };
    const out = {
      ...this.size(), cursor: { sync: { key: "time" }, points: { size: 6 } }, axes: [x, y], padding: [8, 26, 0, 0],
      scales: { x: { time: false, range: (_, lo, hi) => [0, Math.max(hi, 1)] }, y: { range: (_, lo, hi) => [0, hi > 0 ? hi * 1.1 : 1] } }, legend: { live: true },
      series: [{ label: "at", value: (_, v) => (v === null || v === undefined ? "–" : fmt.clock(v)) }],
    };
    for (const [, label, name] of this.kind.columns) {
      const stroke = color(name);
      out.series.push({ label, stroke, width: 1.75, fill: this.kind.fill ? stroke + "22" : undefined, points: { show: false },
        value: (_, v) => (v === null || v === undefined ? "–" : this.kind.value(v)), spanGaps: false });
    }
    if (this.kind.heat) this.heatOptions(out);
    return out;
  }

  heatOptions(out) {
    out.legend = { show: false };
    out.height = 230;
    out.series.push({ label: "requests", paths: () => null, points: { show: false } });
    out.scales.y = { distr: 3, log: 10, range: () => this.heatRange() };
    out.axes[1].splits = () => this.heatSplits();
    out.hooks = { drawClear: [(u) => this.paint(u)] };
  }

  heatRange() {
    const b = this.data.heat.bounds;
    return b.length ? [b[0], b[b.length - 1]] : [1, 1000];
  }

  heatSplits() {
    const [low, high] = this.heatRange(), out = [];
    for (let e = Math.floor(Math.log10(low)); e <= Math.ceil(Math.log10(high)); e++) {
      for (const m of high / low > 300 ? [1] : [1, 2, 5]) {
        const v = m * 10 ** e;
        if (v >= low && v <= high) out.push(v);
      }
    }
    return out;
  }

  // paint draws a cell for each band of each interval; the darker or brighter, the more requests, on a scale of roots.
  paint(u) {
    const heat = this.data.heat, ctx = u.ctx, [r, g, b] = rgb(color("accent"));
    let most = 1;
    for (const list of heat.counts) for (let k = 1; k < list.length; k += 2) most = Math.max(most, list[k]);
    ctx.save();
    ctx.beginPath();
    ctx.rect(u.bbox.left, u.bbox.top, u.bbox.width, u.bbox.height);
    ctx.clip();
    heat.counts.forEach((list, i) => {
      const x0 = u.valToPos(i * heat.interval, "x", true), x1 = u.valToPos((i + 1) * heat.interval, "x", true);
      for (let k = 0; k < list.length; k += 2) {
        const y0 = u.valToPos(heat.bounds[list[k] + 1], "y", true), y1 = u.valToPos(heat.bounds[list[k]], "y", true);
        ctx.fillStyle = `rgba(${r},${g},${b},${0.12 + 0.88 * Math.sqrt(list[k + 1] / most)})`;
        ctx.fillRect(x0, y0, Math.max(1, x1 - x0 - (x1 - x0 > 5 ? 1 : 0)), Math.max(1, y1 - y0 - 1));
      }
    });
    ctx.restore();
  }
}

function rgb(hex) {
  const n = parseInt(hex.replace("#", ""), 16);
  return [(n >> 16) & 255, (n >> 8) & 255, n & 255];
}

// spark draws what a schedule plans as a line, and what was reached as bars behind it.
function spark(canvas, planned, reached) {
  const scale = window.devicePixelRatio || 1, w = canvas.clientWidth * scale, h = canvas.clientHeight * scale;
  if (!w || !planned.length) return;
  canvas.width = w;
  canvas.height = h;
  const ctx = canvas.getContext("2d"), most = Math.max(1e-9, ...planned, ...reached), step = w / planned.length;
  const y = (v) => h - 1 - (v / most) * (h - 4);
  reached.forEach((v, i) => {
    ctx.fillStyle = color(v < planned[i] * 0.9 ? "warn" : "ok") + "99";
    ctx.fillRect(i * step, y(v), Math.max(1, step - 1), h - y(v));
  });
  ctx.strokeStyle = color("quiet");
  ctx.lineWidth = 1.5 * scale;
  ctx.beginPath();
  planned.forEach((v, i) => { ctx.lineTo(i * step, y(v)); ctx.lineTo((i + 1) * step, y(v)); });
  ctx.stroke();
}
