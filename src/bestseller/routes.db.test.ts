import { expect, test } from 'vitest';
import { startRealServer } from '../../test/http/real-server.ts';
import { waitUntil } from '../../test/support/wait.ts';

test('days and limit have bounds, and the answer is public and matches its schema', async () => {
  const { exchange, known } = await startRealServer();
  const get = (query: string) => exchange({ method: 'GET', path: `/v1/best-sellers${query}` });
  for (const query of ['', '?days=1', '?days=30', '?limit=1', '?limit=100', '?days=7&limit=50']) {
    expect([query, (await get(query)).status]).toEqual([query, 200]);
  }
  for (const field of ['days', 'limit']) {
    const most = field === 'days' ? 31 : 101;
    for (const value of [0, -1, most, '1.5', '1e1', 'x', '', '01', '%201', 'null']) {
      const { status, text } = await get(`?${field}=${value}`);
      expect([value, status, JSON.parse(text)]).toMatchObject([
        value,
        400,
        { code: 'invalid_request', errors: [{ pointer: `/query/${field}` }] },
      ]);
    }
  }
  expect((await get('?day=3')).status).toBe(400);
  expect((await get('?days=1&days=2')).status).toBe(400);

  const read = async () => JSON.parse((await get('?days=3&limit=5')).text) as { items: object[] };
  await waitUntil(async () => (await read()).items.length === 1, 'the order');
  const { asOf, from, to, items, ...rest } = (await read()) as Record<string, unknown>;
  expect(rest).toEqual({ currency: 'KRW' });
  expect(to).toBe(asOf);
  expect(String(asOf)).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  expect(Date.parse(String(asOf)) - Date.parse(String(from))).toBe(3 * 24 * 60 * 60 * 1_000);
  expect(items).toEqual([
    {
      rank: 1,
      productId: known['productId'],
      name: 'Mug',
      price: 1_000,
      imageUrl: null,
      stock: 49,
      unitsSold: 1,
      revenue: 1_000,
      orderCount: 1,
    },
  ]);
});
