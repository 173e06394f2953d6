import http from 'k6/http';
import { check, sleep } from 'k6';
import { Trend } from "k6/metrics";

const BASE = __ENV.BASE_URL || 'https://shop.example.com';
const peak = 40;

export const options = {
  discardResponseBodies: true,
  scenarios: {
    browse: {
      executor: 'ramping-vus',
      startVUs: 0,
      stages: [
        { duration: '20s', target: 10 },
        { duration: '1m30s', target: peak / 2 },
        { duration: '0s', target: 0 },
      ],
      gracefulRampDown: '0s',
      tags: { team: 'web' },
    },
    'buy it': { executor: 'constant-arrival-rate', rate: 90, timeUnit: '1m', duration: '2m', preAllocatedVUs: 5, maxVUs: 50, startTime: '10s', exec: 'buy' },
    rush: { executor: 'ramping-arrival-rate', startRate: 5, timeUnit: '1s', preAllocatedVUs: 10, stages: [{ target: 20, duration: '30s' }] },
    each: { executor: 'per-vu-iterations', vus: 2, iterations: 3, maxDuration: '1h' },
    odd: { executor: 'externally-controlled', maxVUs: 10 },
  },
  thresholds: {
    http_req_duration: ['p(95)<500', 'p(99.9) < 1500.5', { threshold: 'avg<200', abortOnFail: true, delayAbortEval: '10s' }],
    'http_req_duration{scenario:buy it}': ['med<250'],
    http_req_failed: ['rate<0.01'],
    'checks{name:x}': ['rate>0.9'],
    http_reqs: ['count>10', 'rate>0.5'],
    my_trend: ['p(90)<1'],
  },
};

export default function () {
  const headers = { 'Content-Type': 'application/json', 'X-Api-Key': 'k6-secret-key' };
  http.get(`${BASE}/api/products?page=1`);
  const res = http.post(`${BASE}/api/cart`, JSON.stringify({ id: 7, note: "it's # ${here}" }), { headers: { 'Content-Type': 'application/json', 'X-Api-Key': 'k6-secret-key' }, timeout: '5s' });
  check(res, { 'ok': (r) => r.status === 200 });
  http.get(BASE + '/api/orders/' + res.json().id);
  sleep(1);
}
