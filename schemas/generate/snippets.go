package main

// snippets show the shapes of the language, by the heading that they stand under. Each is a piece of a plan: steps (it begins
// with a dash), a part of a scenario, or words of the top level. A test validates every one.
var snippets = map[string]string{
	"values": `vars:
  base: ${or_else(env.BASE, "http://127.0.0.1:8080")}   # a template alone keeps its value's type
  greeting: hello ${upper("anna")}                      # in a text it becomes text
  price: $${not a template}                             # $${ is a literal ${
  both: { quoted: "${1 + 1}" }                          # inside { } and [ ] a template stands in quotes
env: { BASE: { default: "" } }
`,
	"include": `include: [shared/backend.yaml]
vars: { vus: 2 }
scenarios:
  visit:
    executor: { type: constant-vus, vus: "${vars.vus}", duration: 10s }
    steps: [{ get: / }]
profiles:
  nightly:                     # runner plan.yaml --profile nightly
    vars: { vus: 50 }
    scenarios: { visit: { executor: { duration: 10m } } }
`,
	"services: NAME": `services:
  shop:
    command: [./shop, --listen, "127.0.0.1:${port}"]
    ready: /healthz
    env: { LOG: quiet }
http: { base_url: "${services.shop.url}" }
`,
	"env: NAME": `env:
  BASE: { default: "http://127.0.0.1:8080" }
  TOKEN: { secret: true, description: Token of the load test's user. }
http: { base_url: "${env.BASE}", auth: { bearer: "${env.TOKEN}" } }
`,
	"http": `http:
  base_url: https://api.example.com
  timeout: 5s
  headers: { Accept: application/json }
  redirects: 0
  expect: [2xx, 304]
  hosts: { api.example.com: 127.0.0.1:8443 }
  tls: { insecure_skip_verify: true }
`,
	"auth": `env: { PASSWORD: { secret: true } }
scenarios:
  members:
    executor: { type: constant-vus, vus: 2, duration: 10s }
    http:
      auth: { basic: { username: anna, password: "${env.PASSWORD}" } }
    steps:
      - get: /account
      - get: /public
        auth: none             # not that of http.auth
`,
	"auth: oauth2": `env: { CLIENT_SECRET: { secret: true } }
http:
  base_url: https://api.example.com
  auth:
    oauth2:
      token_url: /oauth/token
      client_id: load-test
      client_secret: ${env.CLIENT_SECRET}
      scope: orders:read orders:write
`,
	"auth: hmac": `env: { SIGNING_KEY: { secret: true } }
http:
  base_url: https://api.example.com
  auth:
    hmac:
      key: ${env.SIGNING_KEY}
      string: "${request.time}\n${request.method}\n${request.path}\n${request.body}"
      headers: { X-Time: "${request.time}", X-Signature: "${signature}" }
`,
	"data: NAME": `data:
  users: { file: data/users.csv, columns: { age: int }, per: vu, at_end: fail }
scenarios:
  members:
    executor: { type: constant-vus, vus: 2, duration: 10s }
    steps:
      - get: /users/${data.users.name}
        if: data.users.age > 17
`,
	"metrics: NAME": `metrics:
  tickets_bought: { type: counter }
  order_value: { type: trend, unit: cents }
scenarios:
  buyers:
    executor: { type: per-vu-iterations, vus: 2, iterations: 5 }
    steps:
      - emit: { tickets_bought: 2, order_value: 4500 }
thresholds:
  tickets_bought: count == 20
  order_value: p95 <= 4500
`,
	"scenarios: NAME": `scenarios:
  warm up:
    executor: { type: per-vu-iterations, vus: 5 }
    steps: [{ get: / }]
  browse:
    after: warm up
    start: 5s                  # after its end
    tags: { team: discovery }
    executor: { type: constant-arrival-rate, rate: 50/s, duration: 1m, vus: 20, max_vus: 100 }
    init:
      - get: /login            # once for each VU
    steps:
      - get: /events
    thresholds: p95 < 500ms
`,
	"mix": `flows:
  browse: { steps: [{ get: /events }] }
  buy:
    inputs: { quantity: { type: int, default: 1 } }
    steps:
      - post: /orders
        json: { quantity: "${quantity}" }
scenarios:
  visitors:
    executor: { type: constant-vus, vus: 10, duration: 1m }
    mix:
      - { weight: 70, flow: browse }
      - { weight: 30, flow: buy, with: { quantity: 2 } }
`,
	"constant-vus":      "executor: { type: constant-vus, vus: 20, duration: 30s }\n",
	"per-vu-iterations": "executor: { type: per-vu-iterations, vus: 10, iterations: 5 }\n",
	"shared-iterations": "executor: { type: shared-iterations, vus: 10, iterations: 100 }\n",
	"ramping-vus": `executor:
  type: ramping-vus
  stages:
    - { name: rise, duration: 30s, target: 20 }
    - { name: hold, duration: 1m, target: 20 }
    - { name: fall, duration: 10s, target: 0 }
`,
	"constant-arrival-rate": "executor: { type: constant-arrival-rate, rate: 50/s, duration: 1m, vus: 20, max_vus: 100 }\n",
	"ramping-arrival-rate": `executor:
  type: ramping-arrival-rate
  start_rate: 10/s
  vus: 20
  max_vus: 200
  stages:
    - { name: normal, duration: 1m, target: 10/s }
    - { duration: 0s, target: 100/s }         # a jump
    - { name: spike, duration: 30s, target: 100/s }
`,
	"get": `- post: /orders
  name: create order
  query: { dry_run: false }
  headers: { X-Request-Id: "${uuid()}" }
  json: { sku: opera, quantity: 2, price: "${rand_int(10, 50)}" }
  expect: 201
  check:                       # block form: expressions hold quotes and commas
    an id: has("id")
    two of them: json("quantity") == 2
    quick: duration < 500ms
  capture:
    order: json("id")
- get: /orders/${order}
  on_failure: next_iteration
`,
	"parallel": `- parallel:
    - get: /styles.css
    - get: /events
      capture: { event: 'json("0.id")' }
  limit: 6
- log: ${event}
`,
	"group": `- group: checkout
  steps:
    - get: /cart
    - post: /orders
`,
	"repeat": "- repeat: 3\n  steps: [{ get: /events }]\n",
	"while": `- set: { page: 1 }
- while: page != nil
  max: 50
  steps:
    - get: /events
      query: { page: "${page}" }
      capture:
        page: { from: json("next"), default: null }
`,
	"foreach": `- get: /events
  capture:
    ids: json("#.id")
- foreach: ${ids}
  as: id
  steps:
    - get: /events/${id}
`,
	"call": `flows:
  log in:
    inputs: { user: {} }       # {}: any type, must be given
    steps:
      - post: /login
        form: { user: "${user}" }
        capture:
          token: json("token")
scenarios:
  members:
    executor: { type: constant-vus, vus: 2, duration: 10s }
    steps:
      - call: log in
        with: { user: anna }
      - get: /account
        auth: { bearer: "${token}" }       # what a flow captures is there after the call
`,
	"if": `- get: /cart
  capture:
    items: json("#")
- if: items == 0
  then: [{ post: /cart }]
  else: [{ get: /checkout }]
- get: /ads
  if: rand_bool(20%)           # any step may have an if
`,
	"think":   "- think: 2s\n- think: 1s..3s\n- think: { distribution: lognormal, mean: 5s, sd: 3s, max: 30s }\n",
	"pace":    "- pace: 5s\n- get: /events\n",
	"barrier": "- barrier: { vus: 1, timeout: 5s }\n- post: /tickets/1/scan\n",
	"set":     "- set: { order: \"${uuid()}\", total: \"${2 * 45}\" }\n- log: ${order} for ${total}\n",
	"fail":    "- get: /stock\n- if: response.json(\"left\") == 0\n  then: [{ stop: sold out }]\n",
	"multipart": `- post: /photos
  multipart:
    title: Sunset
    photo: { file: data/photo.jpg, filename: sunset.jpg }
`,
	"graphql": `- post: /graphql
  graphql:
    query: |
      query Event($id: ID!) { event(id: $id) { name } }
    variables: { id: e1 }
  check:
    named: json("data.event.name") != ""
`,
	"retry": `- get: /reports/1
  retry: { attempts: 3, delay: 200ms, jitter: 50%, on: [timeout, 503] }
- get: /jobs/1
  until: json("state") == "done"
  every: 500ms
  timeout: 30s
`,
	"capture": `- post: /login
  capture:
    user: json("user.id")
    token: { from: json("token"), secret: true }
    team: { from: json("team"), default: none }
- get: /users/${user}
  auth: { bearer: "${token}" }
`,
	"thresholds": `scenarios:
  shop:
    executor:
      type: ramping-arrival-rate
      vus: 5
      stages: [{ name: spike, duration: 10s, target: 10/s }]
    steps:
      - get: /events
        name: browse
      - post: /orders
        name: pay
        check: { paid: status == 201 }
        thresholds: p95 < 500ms                          # of this step's http_req_latency
thresholds:
  http_req_duration: p95 < 500ms
  http_req_latency{step=pay, stage=spike}: [p95 < 1s, p(99.9) < 3s]
  checks{check=paid}: rate > 99%
  request_errors{class=~"timeout|reset"}: count == 0
  http_req_failed: { that: rate < 5%, abort: true, delay: 10s, min_samples: 100 }
  http_req_waiting: { that: p95 < 300ms, window: 30s, exclude_warmup: 10s }
  iteration_duration: p95 < baseline.p95 * 1.1
`,
	"thresholds as a list": `thresholds:
  - { metric: http_req_latency, where: { step: [GET /] }, that: p95 < 500ms }
  - { metric: http_req_failed, where: { status: { not: [429, 503] } }, that: rate < 1% }
`,
}
