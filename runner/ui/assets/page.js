"use strict";
// The page of a run: it follows the stream of events, draws what they say, and sends orders. At the end it shows the
// result that came last; it needs the server no more then.

const $ = (id) => document.getElementById(id);
const key = new URLSearchParams(location.search).get("token") || "";
const query = (path, values) => path + "?" + new URLSearchParams({ ...values, ...(key ? { token: key } : {}) });

const state = { status: null, result: null, of: { scenario: "", step: "" }, fetching: false, said: "", gone: false };
let charts;

function stored(name) { try { return localStorage.getItem(name); } catch { return null; } }

function theme(name) {
  document.documentElement.dataset.theme = name;
  if (charts) charts.repaint();
  if (state.status) scenarios();
}

// ---- what comes in

function follow() {
  const source = new EventSource(query("/api/v1/events", {}));
  source.addEventListener("status", (e) => {
    const next = JSON.parse(e.data);
    if (state.status && next.run.number !== state.status.run.number) Object.assign(state, { result: null, of: { scenario: "", step: "" } });
    state.status = next;
    state.gone = false;
    render();
    if (!state.result) load();
  });
  source.addEventListener("result", (e) => {
    state.result = JSON.parse(e.data);
    render();
    charts.show(fromResult(state.result, state.of));
  });
  source.addEventListener("bye", () => source.close());
  source.addEventListener("error", () => {
    state.gone = true;
    if (state.status && !state.result) head();
  });
}

// load asks for the curves of what is chosen, one request at a time.
async function load() {
  if (state.fetching || !state.status || state.status.phase === "services" || state.status.phase === "setup" || state.status.phase === "") return;
  state.fetching = true;
  const of = { ...state.of };
  try {
    const answer = await fetch(query("/api/v1/timeline", { ...of, points: Math.min(900, Math.max(120, innerWidth)) }), { cache: "no-store" });
    if (answer.ok && !state.result && of.scenario === state.of.scenario && of.step === state.of.step) charts.show(curves(await answer.json(), of));
  } catch { /* the stream says that the server has gone */ } finally {
    state.fetching = false;
    if (of.scenario !== state.of.scenario || of.step !== state.of.step) load();
  }
}

// ---- what is drawn from

const fits = (tags, of) => (tags.scenario || "") === of.scenario && (tags.step || "") === of.step;

function curves(t, of) {
  const columns = {};
  for (const s of t.series) if (fits(s.tags, of) && !s.tags.class) columns[s.tags.aggregate || s.name] = s.values;
  const map = t.latencies.maps.find((m) => fits(m.tags, of));
  return {
    interval: t.interval_s || 1, columns, length: (columns.http_reqs || []).length,
    heat: map ? { interval: t.latencies.interval_s, bounds: t.latencies.bounds_ms, counts: map.counts } : null,
  };
}

function fromResult(r, of) {
  const t = r.timeline;
  return of.step ? curves({ ...t.steps, latencies: t.latencies }, of) : curves(t, of);
}

const metrics = () => (state.result || state.status).metrics;
const values = (name, tags) => (metrics().find((m) => m.name === name && Object.keys(m.tags).length === Object.keys(tags).length && Object.entries(tags).every(([k, v]) => m.tags[k] === v)) || { values: {} }).values;

// lines are the steps of the table of requests: with scenarios where there are several.
function lines() {
  const reqs = metrics().filter((m) => m.name === "http_reqs");
  const pairs = reqs.filter((m) => m.tags.scenario && m.tags.step);
  if (pairs.length) return pairs.map((m) => m.tags);
  return reqs.filter((m) => m.tags.step && Object.keys(m.tags).length === 1).map((m) => m.tags);
}

// ---- drawing

function render() {
  head();
  tiles();
  thresholds();
  scenarios();
  choices();
  requests();
  errors();
}

const words = { pass: ["PASS", "ok"], fail: ["FAIL", "bad"], load_not_achieved: ["LOAD NOT ACHIEVED", "warn"], interrupted: ["INTERRUPTED", "warn"], aborted: ["ABORTED", "bad"], error: ["ERROR", "bad"] };

function head() {
  const s = state.status, r = state.result, run = s.run;
  $("plan").textContent = run.plan;
  document.title = run.plan + " – runner";
  $("facts").textContent = [run.file, run.profile && "profile " + run.profile, "seed " + run.seed].filter(Boolean).join(" · ");
  const pill = $("state");
  if (r) {
    const [word, look] = words[r.verdict.status] || [r.verdict.status, "warn"];
    set(pill, word, "pill " + look);
    say(word + (r.verdict.reasons.length ? "\n" + r.verdict.reasons.join("\n") : " – " + r.thresholds.filter((t) => t.status === "pass").length + " of " + r.thresholds.length + " thresholds met"), look);
  } else if (state.gone) set(pill, "connection lost", "pill bad");
  else if (s.paused) { set(pill, "PAUSED", "pill warn"); say("Paused: time stands still, nothing new is started.", "warn"); }
  else {
    const failing = (s.thresholds || []).filter((t) => t.state === "failing");
    set(pill, s.phase || "starting", "pill live " + (failing.length || s.limited ? "bad" : "ok"));
    if (s.limited) say("Generator limited: " + s.limited, "warn");
    else say(failing.length ? failing.length + (failing.length === 1 ? " threshold fails: " : " thresholds fail: ") + failing.map((t) => t.id).join(" · ") : "", "bad");
  }
  const elapsed = r ? r.run.duration_s : s.elapsed_s;
  $("time").textContent = fmt.clock(elapsed) + (run.planned_s > 0 && !r ? " of " + fmt.clock(run.planned_s) : "");
  const done = (s.scenarios || []).map((x) => x.progress).filter((x) => x >= 0);
  $("progress").value = r ? 1 : done.length ? done.reduce((a, b) => a + b, 0) / done.length : 0;
  $("pause").textContent = s.paused ? "Resume" : "Pause";
  const able = !r && !state.gone && (s.phase === "running" || s.phase === "graceful stop");
  $("pause").disabled = !able;
  $("stop").disabled = !able;
}

function set(e, text, look) {
  if (e.textContent !== text) e.textContent = text;
  e.className = look;
}

// say announces a change once: a screen reader must not hear the same twice a second.
function say(text, look) {
  if (state.said === text) return;
  state.said = text;
  set($("verdict"), text, "verdict " + (text ? look : ""));
}

function tiles() {
  const s = state.status, r = state.result, live = s.scenarios || [], sum = (f) => live.reduce((n, x) => n + f(x), 0);
  const reqs = values("http_reqs", {}), failed = values("http_req_failed", {}), latency = values("http_req_latency", {});
  const planned = live.every((x) => x.planned >= 0) && live.length ? sum((x) => x.planned) : -1;
  const g = r ? r.generator : s.generator;
  const list = [
    ["rate", r ? "requests/s, mean" : "requests/s", fmt.digits(r ? reqs.rate || 0 : sum((x) => x.requests_s)), r ? reqs.rate : undefined],
    ["requests", "requests", fmt.count(reqs.count || 0), reqs.count],
    ["p95", r ? "p95" : "p95 so far", fmt.ms(latency.p95), latency.p95],
    ["p99", r ? "p99" : "p99 so far", fmt.ms(latency.p99), latency.p99],
    ["failed", "failed", fmt.percent(failed.rate), failed.rate, failed.passes > 0],
    ["vus", "VUs", fmt.count(r ? Math.max(0, ...r.scenarios.map((x) => x.vus_max)) : sum((x) => x.vus))],
    ["iterations", planned >= 0 ? "of " + fmt.count(planned) + " iterations" : "iterations", fmt.count(r ? r.scenarios.reduce((n, x) => n + x.completed, 0) : sum((x) => x.done))],
    ["dropped", "dropped", fmt.count(r ? r.scenarios.reduce((n, x) => n + x.dropped, 0) : sum((x) => x.dropped)), undefined, sum((x) => x.dropped) > 0],
    ["generator", "generator CPU", fmt.percent(g ? g.cpu : 0), undefined, g && g.limited],
  ];
  $("tiles").replaceChildren(...list.map(([id, label, text, raw, alert]) => {
    const tile = el("div", null, { class: "tile" + (alert ? " alert" : ""), id: "tile-" + id });
    const value = el("b", text);
    if (raw !== undefined) value.dataset.value = raw;
    tile.append(value, el("span", label));
    return tile;
  }));
}

const looks = { ok: ["ok", "ok"], failing: ["FAILING", "bad"], "no data": ["no data", ""], "not yet": ["not yet", ""], pass: ["pass", "ok"], fail: ["FAIL", "bad"], skipped: ["skipped", ""], not_applicable: ["not applicable", ""], not_trusted: ["not trusted", "warn"] };

function thresholds() {
  const list = state.result ? state.result.thresholds : state.status.thresholds || [];
  const limits = Object.fromEntries((state.status.thresholds || []).map((t) => [t.id, t.limit]));
  const bodies = list.map((t) => {
    const row = el("tr"), [word, look] = looks[t.state || t.status] || [t.state || t.status, ""];
    const pill = el("td"), seen = Object.entries(t.observed || {}).filter(([name]) => !name.startsWith("baseline."));
    pill.append(el("span", word, { class: "pill " + look }));
    const metric = t.id.endsWith(": " + t.condition) ? t.id.slice(0, -t.condition.length - 2) : t.id;
    const value = el("td", seen.map(([name, v]) => (seen.length > 1 ? name + " " : "") + fmt.unit(v, t.unit)).join(", ") || "–", { class: "n" });
    if (seen.length === 1) value.dataset.value = seen[0][1];
    row.append(pill, el("td", metric, { class: "metric" }), el("td", t.condition, { class: "condition" }), value, distance(t, seen, limits[t.id]));
    return row;
  });
  $("thresholds").tBodies[0].replaceChildren(...bodies);
}

// distance shows how much of the way to its limit a value has gone.
function distance(t, seen, limit) {
  const cell = el("td", null, { class: "limit" });
  if (limit === null || limit === undefined || seen.length !== 1) return cell;
  const v = seen[0][1], failing = t.state === "failing" || t.status === "fail";
  if (limit > 0 && v < limit * (1 - 1e-9) && !failing) {
    cell.append(el("meter", null, { min: 0, max: 1, low: 0.7, high: 0.9, optimum: 0, value: v / limit, "aria-label": "share of the limit" }));
    cell.append(" " + fmt.percent(v / limit) + " used");
  } else if (failing && limit > 0) cell.textContent = (v > limit ? fmt.percent(v / limit - 1) + " over " : fmt.percent(1 - v / limit) + " under ") + fmt.unit(limit, t.unit);
  else if (failing) cell.textContent = "must be " + t.condition;
  else cell.textContent = v > limit * (1 + 1e-9) ? fmt.percent(1 - limit / v) + " above " + fmt.unit(limit, t.unit) : "no room";
  return cell;
}

const cards = new Map();

function scenarios() {
  const list = state.status.scenarios || [], root = $("scenarios");
  const names = list.map((x) => x.name);
  for (const [name, card] of cards) if (!names.includes(name)) { card.root.remove(); cards.delete(name); }
  for (const s of list) {
    if (!cards.has(s.name)) cards.set(s.name, card(s, root));
    fill(cards.get(s.name), s);
  }
}

function card(s, root) {
  const c = { root: el("div", null, { class: "scenario" }), head: el("div", null, { class: "head" }), now: el("div", null, { class: "now quiet" }), canvas: el("canvas", null, { role: "img" }) };
  c.name = el("b", s.name);
  c.state = el("span", s.state, { class: "pill" });
  c.what = el("span", ((state.status.run.scenarios || []).find((x) => x.name === s.name) || {}).executor || "", { class: "quiet" });
  c.head.append(c.name, c.state, c.what);
  c.root.append(c.head, c.canvas, c.now);
  if (s.unit) c.root.append(scaler(s, c));
  root.append(c.root);
  return c;
}

function scaler(s, c) {
  const form = el("form"), label = el("label", "Scale to ");
  c.input = el("input", null, { type: "number", min: "0.001", max: "1000", step: "any", value: "1" });
  label.append(c.input, " × the plan");
  c.apply = el("button", "Apply", { type: "submit", "aria-label": "Scale " + s.name });
  form.append(label, c.apply);
  form.addEventListener("submit", (e) => {
    e.preventDefault();
    order("scale", { scenario: s.name, factor: Number(c.input.value) });
  });
  c.form = form;
  return form;
}

function fill(c, s) {
  const looks = { running: "ok", stopping: "warn" };
  const was = state.result && state.result.scenarios.find((x) => x.name === s.name);
  set(c.state, was ? "done" : s.state, "pill " + (was ? "" : looks[s.state] || ""));
  const share = s.progress >= 0 ? Math.floor(s.progress * 100) + "%" : "";
  const rate = s.unit === "it/s" ? fmt.digits(s.iterations_s) + " of " + fmt.digits(s.target) + " it/s" : s.unit === "VUs" ? s.vus + " of " + fmt.count(s.target) + " VUs" : fmt.digits(s.iterations_s) + " it/s";
  const parts = was
    ? ["planned " + (was.planned < 0 ? "–" : fmt.count(was.planned)), "started " + fmt.count(was.started), "completed " + fmt.count(was.completed), "dropped " + fmt.count(was.dropped), "up to " + fmt.count(was.vus_max) + " VUs"]
    : [share, fmt.count(s.done) + (s.planned >= 0 ? "/" + fmt.count(s.planned) : "") + " iterations", rate, s.vus + "/" + s.max_vus + " VUs", "p95 " + (s.p95_ms > 0 ? fmt.ms(s.p95_ms) : "–"), s.errors > 0 ? fmt.count(s.errors) + " failed" : "", s.dropped > 0 ? fmt.count(s.dropped) + " dropped" : "", s.factor !== 1 ? "scaled ×" + fmt.digits(s.factor) : ""];
  const texts = parts.filter(Boolean);
  c.now.replaceChildren(...texts.map((text) => el("span", text)));
  c.canvas.hidden = !s.curve;
  c.canvas.setAttribute("aria-label", s.curve ? "Planned and reached: now " + rate : "");
  if (s.curve) spark(c.canvas, s.curve, s.reached || []);
  if (c.form) c.form.hidden = Boolean(state.result) || s.state === "done";
}

function choices() {
  const list = [["", "", "the whole run"]], seen = new Set();
  for (const m of metrics()) if (m.name === "http_reqs" && m.tags.scenario && !m.tags.step) list.push([m.tags.scenario, "", "scenario " + m.tags.scenario]);
  const only = (state.status.run.scenarios || []).map((x) => x.name);
  for (const tags of lines()) {
    const scenario = tags.scenario || only[0];
    list.push([scenario, tags.step, (only.length > 1 ? scenario + " › " : "step ") + tags.step]);
  }
  const signature = JSON.stringify(list);
  if (state.choices === signature) return;
  state.choices = signature;
  $("select").replaceChildren(...list.filter(([a, b]) => !seen.has(a + "\0" + b) && seen.add(a + "\0" + b)).map(([scenario, step, text]) => {
    const option = el("option", text);
    option.value = JSON.stringify([scenario, step]);
    option.selected = scenario === state.of.scenario && step === state.of.step;
    return option;
  }));
}

function choose(scenario, step) {
  state.of = { scenario, step };
  $("select").value = JSON.stringify([scenario, step]);
  requests();
  if (state.result) charts.show(fromResult(state.result, state.of));
  else load();
}

const rows = new Map();

// requests changes the cells that are there: a row that was made anew would lose the keyboard's focus.
function requests() {
  const only = ((state.status.run.scenarios || [])[0] || {}).name;
  const list = lines().map((tags) => [tags, (tags.scenario ? tags.scenario + " › " : "") + tags.step, tags.scenario || only, tags.step]);
  if (list.length) list.push([{}, "all", "", ""]);
  const body = $("requests").tBodies[0], keys = list.map((x) => JSON.stringify(x.slice(2)));
  if (JSON.stringify([...rows.keys()]) !== JSON.stringify(keys)) {
    rows.clear();
    list.forEach((x, i) => rows.set(keys[i], row(...x.slice(1))));
    body.replaceChildren(...rows.values());
  }
  list.forEach(([tags, , scenario, step], i) => line(rows.get(keys[i]), tags, scenario === state.of.scenario && step === state.of.step, step));
}

function row(name, scenario, step) {
  const out = el("tr"), first = el("td"), button = el("button", name, { type: "button", class: "link" });
  button.addEventListener("click", () => choose(scenario, step));
  first.append(button);
  out.append(first);
  for (const id of ["count", "rate", "failed", "med", "p95", "p99", "max"]) out.append(el("td", null, { class: "n", "data-column": id }));
  return out;
}

function line(row, tags, chosen, step) {
  const reqs = values("http_reqs", tags), failed = values("http_req_failed", tags), t = values("http_req_latency", tags);
  row.className = (step ? "" : "total ") + (chosen ? "chosen" : "");
  row.cells[0].firstChild.setAttribute("aria-pressed", String(chosen));
  const cells = [[reqs.count, fmt.count(reqs.count)], [reqs.rate, fmt.digits(reqs.rate) + "/s"], [failed.passes, fmt.count(failed.passes || 0)], [t.med, fmt.ms(t.med)], [t.p95, fmt.ms(t.p95)], [t.p99, fmt.ms(t.p99)], [t.max, fmt.ms(t.max)]];
  cells.forEach(([v, text], i) => {
    row.cells[i + 1].textContent = text;
    if (v !== undefined) row.cells[i + 1].dataset.value = v;
  });
}

function errors() {
  const s = state.status, r = state.result;
  const list = r ? r.errors.map((e) => [e.class + " at " + (e.step || e.scenario), e.count, e.samples.map((x) => x.message).filter(Boolean)[0]]) : (s.errors || []).map((e) => [e.class, e.count]);
  $("noerrors").hidden = list.length > 0;
  $("errors").hidden = !list.length;
  $("errors").tBodies[0].replaceChildren(...list.map(([name, n, sample]) => {
    const row = el("tr"), cell = el("td", name);
    if (sample) cell.append(el("div", sample.slice(0, 300), { class: "quiet" }));
    row.append(cell, el("td", fmt.count(n), { class: "n" }));
    return row;
  }));
  const g = r ? r.generator : s.generator;
  $("generator").textContent = g && g.seconds ? (g.limited ? "Limited. " : "Healthy. ") + fmt.percent(g.cpu) + " CPU, start lag p99 " + fmt.ms(g.start_lag_p99_ms) + ", " + g.bad_seconds + " of " + g.seconds + " seconds late" + (g.evidence ? ". " + g.evidence.join(". ") : "") : "";
  const changes = (r ? r.interventions : s.interventions) || [];
  $("changes").replaceChildren(...(changes.length ? [el("h2", "Changed by hand"), ...changes.map((c) => el("p", fmt.clock(c.at_s) + " " + c.action + (c.scenario ? " " + c.scenario + " ×" + fmt.digits(c.factor) : "") + " (" + c.by + ")", { class: "quiet" }))] : []));
}

// ---- orders

async function order(what, body) {
  try {
    const answer = await fetch("/api/v1/" + what, { method: "POST", headers: { "X-Runner-Token": state.status.token, "X-Runner-Client": "page", "Content-Type": "application/json" }, body: body && JSON.stringify(body) });
    const said = await answer.json();
    if (!answer.ok) return say(said.error, "bad");
    state.status = said;
    render();
  } catch {
    say("The run cannot be reached any more.", "bad");
  }
}

let sure = 0;

function stop() {
  if (Date.now() - sure > 4000) {
    sure = Date.now();
    $("stop").textContent = "Really stop?";
    setTimeout(() => { $("stop").textContent = "Stop"; }, 4000);
    return;
  }
  sure = 0;
  order("stop");
}

addEventListener("DOMContentLoaded", () => {
  theme(stored("theme") || (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light"));
  charts = new Charts($("chartlist"));
  $("pause").addEventListener("click", () => order(state.status.paused ? "resume" : "pause"));
  $("stop").addEventListener("click", stop);
  $("select").addEventListener("change", (e) => choose(...JSON.parse(e.target.value)));
  $("theme").addEventListener("click", () => {
    const next = document.documentElement.dataset.theme === "dark" ? "light" : "dark";
    try { localStorage.setItem("theme", next); } catch { /* it is for this page only, then */ }
    theme(next);
  });
  addEventListener("resize", () => state.status && scenarios());
  follow();
});
