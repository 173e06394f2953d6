import http from 'k6/http';
import { check } from 'k6';
import { hmac } from 'k6/crypto';
const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
function text(n) {
  let s = '';
  for (; n > 0; n--) s += letters.charAt(Math.floor(Math.random() * letters.length));
  return s;
}
function uuid() {
  return 'xxxxxxxx-xxxx-4xxx-yxxx-xxxxxxxxxxxx'.replace(/[xy]/g, (c) => {
    const r = Math.floor(Math.random() * 16);
    return (c === 'x' ? r : (r & 3) | 8).toString(16);
  });
}
const between = (a, b) => a + Math.floor(Math.random() * (b - a + 1));
export default function () {
  const body = JSON.stringify({
    id: `evt_${uuid()}`,
    type: 'checkout.session.completed',
    created: between(1700000000, 1800000000),
    amount: between(1000, 20000),
    customer: `${text(24)}@example.com`,
    note: text(860),
  });
  const headers = { 'Content-Type': 'application/json', 'X-Signature': hmac('sha256', 'whsec_bench', body, 'hex') };
  check(http.post(`${__ENV.BASE}/events`, body, { headers }), { ok: (r) => r.status === 200 });
}
