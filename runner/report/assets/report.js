"use strict";
(() => {
  const timeline = JSON.parse(document.getElementById("data").textContent);
  const duration = parseFloat(document.getElementById("data").dataset.duration);
  const section = document.getElementById("chart-section");
  sortable();
  if (!section || typeof uPlot === "undefined") return;
  section.hidden = false;
  const here = document.getElementById("charts-here"), select = document.getElementById("scope");
  const scopes = collect();
  for (const s of scopes) select.add(new Option(s.name, s.name));
  let charts = [];
  select.addEventListener("change", draw);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
  addEventListener("beforeprint", () => { document.documentElement.classList.add("print"); openAll(true); draw(330); });
  addEventListener("afterprint", () => { document.documentElement.classList.remove("print"); openAll(false); draw(); });
  let width = 0;
  new ResizeObserver(() => requestAnimationFrame(() => {
    if (!document.documentElement.classList.contains("print") && here.clientWidth !== width) draw();
  })).observe(here);
  draw();

  // collect sorts the series by what they are of: all, a scenario, a step.
  function collect() {
    const found = new Map();
    const add = (list, interval) => {
      for (const s of list || []) {
        const key = JSON.stringify([s.tags.scenario || "", s.tags.step || ""]);
        if (!found.has(key)) {
          const name = s.tags.step ? s.tags.scenario + " / " + s.tags.step : s.tags.scenario || "all";
          found.set(key, { key, name, interval, series: {} });
        }
        found.get(key).series[s.name + (s.tags.aggregate ? " " + s.tags.aggregate : "") + (s.tags.class ? " " + s.tags.class : "")] = s.values;
      }
    };
    add(timeline.series, timeline.interval_s);
    if (timeline.steps) add(timeline.steps.series, timeline.steps.interval_s);
    for (const m of (timeline.latencies && timeline.latencies.maps) || []) {
      const s = found.get(JSON.stringify([m.tags.scenario || "", m.tags.step || ""]));
      if (s) s.heat = m.counts;
    }
    return [...found.values()].filter(s => Object.values(s.series).some(v => v.length));
  }

  function draw(fixed) {
    for (const c of charts) c.destroy();
    charts = [];
    here.replaceChildren();
    width = here.clientWidth;
    const scope = scopes[Math.max(0, select.selectedIndex)];
    if (!scope) return;
    select.parentElement.dataset.scope = " " + scope.name;
    const s = scope.series, per = v => v && v.map((x, i) => perSecond(x, i, scope.interval));
    const answered = v => v && v.map((x, i) => s["http_reqs"][i] > 0 ? x : null);
    const size = typeof fixed === "number" ? fixed : 0;
    chart(scope, "Requests", "per second", [
      { label: "requests", values: per(s["http_reqs"]), color: "--s1", fill: true },
      { label: "failed", values: per(s["http_req_failed"]), color: "--s3" },
    ], rate, size);
    chart(scope, "Latency", "http_req_latency", [
      { label: "p50", values: answered(s["http_req_latency p50"]), color: "--s4" },
      { label: "p95", values: answered(s["http_req_latency p95"]), color: "--s1" },
      { label: "p99", values: answered(s["http_req_latency p99"]), color: "--s2" },
    ], time, size);
    if (scope.heat) heat(scope, size);
    const classes = Object.keys(s).filter(k => k.startsWith("request_errors ")).map((k, i) =>
      ({ label: k.slice(15), values: per(s[k]), color: ["--s3", "--s2", "--s5", "--s1", "--s4"][i % 5] }));
    chart(scope, "Errors", "requests without a response and iterations dropped, per second", [
      ...(classes.length ? classes : [{ label: "errors", values: per(s["request_errors"]), color: "--s3" }]),
      { label: "dropped", values: per(s["dropped_iterations"]), color: "--s5" },
    ], rate, size);
    if (s["vus"]) chart(scope, "Virtual users", "most in each interval", [{ label: "VUs", values: s["vus"], color: "--s5", fill: true, step: true }], rate, size);
    if (s["iterations"]) chart(scope, "Iterations", "completed per second", [{ label: "iterations", values: per(s["iterations"]), color: "--s4", fill: true }], rate, size);
  }

  // perSecond leaves out the end of a run that is too short to tell a rate.
  function perSecond(n, i, interval) {
    const length = Math.min(interval, duration > 0 ? duration - i * interval : interval);
    return length < interval / 2 ? null : n / length;
  }

  function color(name) { return getComputedStyle(document.documentElement).getPropertyValue(name).trim(); }

  function chart(scope, title, unit, lines, format, fixed) {
    lines = lines.filter(l => l.values);
    if (!lines.length) return;
    const x = lines[0].values.map((_, i) => (i + 1) * scope.interval);
    if (title === "Errors" && lines.every(l => l.values.every(v => !v))) return none(title, "no request without a response, no iteration dropped");
    const figure = frame(scope, title, unit, lines, x, format);
    const options = base(figure, format, fixed);
    for (const l of lines) options.series.push({
      label: l.label, stroke: color(l.color), width: 1.75, fill: l.fill ? color(l.color) + "22" : undefined, spanGaps: false,
      points: { show: x.length < 3 }, paths: l.step ? uPlot.paths.stepped({ align: -1 }) : undefined, value: (_, v) => v == null ? "–" : format(v),
    });
    charts.push(new uPlot(options, [x, ...lines.map(l => l.values)], figure.plot));
  }

  function none(title, words) {
    const figure = document.createElement("figure"), caption = document.createElement("figcaption"), p = document.createElement("p");
    caption.textContent = title;
    p.className = "none";
    p.textContent = words;
    figure.append(caption, p);
    here.append(figure);
  }

  // base is what all charts share.
  function base(figure, format, fixed) {
    const axis = { stroke: color("--soft"), grid: { stroke: color("--grid"), width: 1 }, ticks: { stroke: color("--grid"), width: 1 }, font: "12px system-ui, sans-serif" };
    return {
      width: Math.max(220, fixed || figure.clientWidth), height: fixed ? 150 : 210, ms: 1,
      cursor: { sync: { key: "time" }, drag: { x: true, y: false } }, legend: { live: true },
      scales: { x: { time: false }, y: { range: (_, low, high) => [0, high > 0 ? high * 1.08 : 1] } },
      axes: [{ ...axis, incrs: [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400], values: (_, v) => v.map(clock) }, { ...axis, size: 62, values: (_, v) => v.map(n => n == null ? "" : format(n)) }],
      series: [{ label: "at", value: (_, v) => v == null ? "–" : clock(v) }],
    };
  }

  // frame is a chart's figure: what it shows in words, the plot, and the same as a table.
  function frame(scope, title, unit, lines, x, format) {
    const figure = document.createElement("figure"), caption = document.createElement("figcaption"), note = document.createElement("span");
    caption.textContent = title + " ";
    note.textContent = unit;
    caption.append(note);
    figure.plot = document.createElement("div");
    figure.plot.setAttribute("role", "img");
    figure.plot.setAttribute("aria-label", title + " of " + scope.name + " over time. " + lines.map(l => {
      const seen = l.values.filter(v => v != null);
      return seen.length ? l.label + ": from " + format(Math.min(...seen)) + " to " + format(Math.max(...seen)) : l.label + ": none";
    }).join(". ") + ". The same as a table follows.");
    figure.append(caption, figure.plot, asTable(title, ["at", ...lines.map(l => l.label)],
      () => x.map((t, i) => [clock(t), ...lines.map(l => l.values[i] == null ? "–" : format(l.values[i]))])));
    here.append(figure);
    return figure;
  }

  function asTable(title, head, rows) {
    const details = document.createElement("details"), summary = document.createElement("summary");
    summary.textContent = title + " as a table";
    details.append(summary);
    details.addEventListener("toggle", () => {
      if (!details.open || details.children.length > 1) return;
      const scroll = document.createElement("div"), table = document.createElement("table");
      scroll.className = "scroll";
      scroll.tabIndex = 0;
      const top = table.createTHead().insertRow();
      for (const h of head) {
        const th = document.createElement("th");
        th.scope = "col";
        th.textContent = h;
        top.append(th);
      }
      const body = table.createTBody();
      for (const cells of rows()) {
        const tr = body.insertRow();
        for (const c of cells) tr.insertCell().textContent = c;
      }
      scroll.append(table);
      details.append(scroll);
    });
    return details;
  }

  // heat is how many requests took how long, interval by interval: the darker, the more.
  function heat(scope, fixed) {
    const bounds = timeline.latencies.bounds_ms, interval = timeline.latencies.interval_s;
    const x = scope.heat.map((_, i) => (i + 1) * interval);
    let most = 0, lowest = Infinity, highest = 0;
    for (const counts of scope.heat) for (let i = 0; i < counts.length; i += 2) {
      most = Math.max(most, counts[i + 1]);
      lowest = Math.min(lowest, counts[i]);
      highest = Math.max(highest, counts[i] + 1);
    }
    if (!most) return;
    const low = Math.max(bounds[lowest], bounds[Math.min(lowest + 1, bounds.length - 1)] / 2, 1e-3), high = bounds[highest];
    const line = { label: "slowest", values: scope.heat.map(c => c.length ? bounds[c[c.length - 2] + 1] : null) };
    const figure = frame(scope, "Latencies", "requests by how long they took: the darker, the more", [line], x, time);
    const options = base(figure, time, fixed), ink = color("--s1");
    options.scales.y = { distr: 3, range: [low, Math.max(high, low * 2)] };
    options.legend = { show: false };
    options.axes[1].values = (_, v) => v.map(n => n == null ? "" : time(n));
    options.series.push({ label: "slowest", show: true, stroke: "transparent", points: { show: false } });
    options.hooks = { draw: [u => {
      u.ctx.save();
      u.ctx.fillStyle = ink;
      scope.heat.forEach((counts, at) => {
        const left = u.valToPos(Math.max(at * interval, 0), "x", true), right = u.valToPos((at + 1) * interval, "x", true);
        if (right < u.bbox.left || left > u.bbox.left + u.bbox.width) return;
        for (let i = 0; i < counts.length; i += 2) {
          const top = u.valToPos(Math.max(bounds[counts[i] + 1], low), "y", true), bottom = u.valToPos(Math.max(bounds[counts[i]], low), "y", true);
          u.ctx.globalAlpha = 0.12 + 0.88 * Math.sqrt(counts[i + 1] / most);
          const from = Math.max(left, u.bbox.left);
          u.ctx.fillRect(from, top, Math.max(right - from - 0.5, 0.5), Math.max(bottom - top - 0.5, 0.5));
        }
      });
      u.ctx.restore();
    }] };
    options.scales.x.range = () => [0, x[x.length - 1]];
    charts.push(new uPlot(options, [x, line.values], figure.plot));
  }

  function digits(v) { return v === 0 ? "0" : Math.abs(v) >= 1000 ? Math.round(v).toLocaleString("en") : String(+v.toPrecision(3)); }
  function rate(v) { return digits(v); }
  function time(ms) { return ms === 0 ? "0" : ms < 0.9995 ? digits(ms * 1000) + " µs" : ms < 999.5 ? digits(ms) + " ms" : digits(ms / 1000) + " s"; }
  function clock(s) {
    if (s !== Math.floor(s)) return digits(s) + "s";
    const two = n => String(n).padStart(2, "0"), h = Math.floor(s / 3600), m = Math.floor(s / 60) % 60;
    return h ? h + ":" + two(m) + ":" + two(s % 60) : m + ":" + two(s % 60);
  }

  function openAll(open) {
    for (const d of document.querySelectorAll("main > section > details, header details")) d.open = open || d.dataset.open === "1";
  }

  // sortable lets every table of many rows be sorted by its columns.
  function sortable() {
    for (const d of document.querySelectorAll("main > section > details, header details")) d.dataset.open = d.open ? "1" : "";
    for (const table of document.querySelectorAll("main table")) {
      if (table.tBodies[0].rows.length < 3) continue;
      const heads = [...table.tHead.rows[0].cells];
      heads.forEach((th, column) => {
        const button = document.createElement("button");
        button.type = "button";
        button.append(...th.childNodes);
        th.append(button);
        button.addEventListener("click", () => {
          const down = th.classList.contains("number") ? th.getAttribute("aria-sort") !== "descending" : th.getAttribute("aria-sort") === "ascending";
          for (const h of heads) h.removeAttribute("aria-sort");
          th.setAttribute("aria-sort", down ? "descending" : "ascending");
          const rows = [...table.tBodies[0].rows], value = r => magnitude(r.cells[column].textContent);
          rows.sort((a, b) => (compare(value(a), value(b))) * (down ? -1 : 1));
          table.tBodies[0].append(...rows);
        });
      });
    }
  }
  function compare(a, b) { return typeof a === "number" && typeof b === "number" ? a - b : String(a).localeCompare(String(b), "en", { numeric: true }); }
  // magnitude is the number that a text stands for, with its unit; any other text is itself.
  function magnitude(text) {
    const m = /^~?(-?[\d,.]+) ?(µs|ms|s|%|\/s|KiB|MiB|GiB|TiB|B)?(\/s)?$/.exec(text);
    if (!m) return text === "–" ? -Infinity : text;
    const units = { "µs": 1e-3, ms: 1, s: 1e3, KiB: 1024, MiB: 1048576, GiB: 1073741824, TiB: 1099511627776 };
    return parseFloat(m[1].replaceAll(",", "")) * (units[m[2]] || 1);
  }
})();
