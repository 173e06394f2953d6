import http from 'k6/http';
import { check } from 'k6';
const conditions = {
  ok: (r) => r.status === 200,
  received: (r) => r.json('received') === true,
};
export default function () {
  const first = http.get(`${__ENV.BASE}/items`);
  check(first, conditions);
  const id = first.json('id');
  const second = http.get(`${__ENV.BASE}/items/${id}`, { tags: { name: 'item' } });
  check(second, conditions);
  second.json('id');
}
