import { expect, test } from 'vitest';
import { startRealServer } from '../../test/http/real-server.ts';

const dayOf = (ms: number): string => new Date(ms).toJSON().slice(0, 10);
const DAY_MS = 86_400_000;
const TODAY = `from=${dayOf(Date.now() - DAY_MS)}&to=${dayOf(Date.now() + 2 * DAY_MS)}`;

/** A shop with an order of today, and a function that reads its report. */
const openShop = async () => {
  const server = await startRealServer();
  const authorization = await server.bearer('staff', 'staff');
  const read = (query: string, headers: Readonly<Record<string, string>> = {}) =>
    server.exchange({
      method: 'GET',
      path: `/v1/reports/sales?${query}`,
      headers: { authorization, ...headers },
    });
  return { server, read };
};

test('the answer is JSON, or CSV for a client that prefers it', async () => {
  const { read } = await openShop();
  const types = {
    'text/csv': 'text/csv; charset=utf-8',
    'text/csv;q=0.5, application/json;q=0.4': 'text/csv; charset=utf-8',
    'text/csv;q=0.4, application/json': 'application/json; charset=utf-8',
    'text/*': 'text/csv; charset=utf-8',
    '*/*': 'application/json; charset=utf-8',
    'image/png': 'application/json; charset=utf-8',
    ';;,/': 'application/json; charset=utf-8',
  };
  for (const [accept, type] of Object.entries(types)) {
    const { status, headers } = await read(`${TODAY}&by=product`, { accept });
    expect({ accept, status, type: headers['content-type'], vary: headers['vary'] }).toMatchObject({
      accept,
      status: 200,
      type,
      vary: expect.stringMatching(/\baccept\b/i) as string,
    });
  }
});

test('both forms show the order of the shop', async () => {
  const { server, read } = await openShop();
  const product = String(server.known['productId']);
  const json = JSON.parse((await read(`${TODAY}&by=product`)).text) as object;
  const figures = {
    orderCount: 1,
    unitsSold: 1,
    grossRevenue: 1_000,
    refundedUnits: 0,
    refundedAmount: 0,
    netRevenue: 1_000,
  };
  expect(json).toMatchObject({
    by: 'product',
    timeZone: 'Asia/Seoul',
    currency: 'KRW',
    total: figures,
    items: [{ productId: product, name: 'Mug', ...figures }],
  });
  const { text } = await read(`${TODAY}&by=product`, { accept: 'text/csv' });
  const columns = Object.keys(figures).join(',');
  expect(text).toBe(`productId,name,${columns}\r\n${product},Mug,1,1,1000,0,0,1000\r\n`);
});

test('a day can be counted up to a time of the day', async () => {
  const { read } = await openShop();
  // In one of these zones the day began six hours ago or more, and is not over for as long.
  const hour = new Date().getUTCHours();
  const timeZone = hour >= 6 && hour < 18 ? 'UTC' : 'Etc/GMT%2B12';
  const countUntil = async (until: string): Promise<number> => {
    const { text } = await read(`${TODAY}&by=day&timeZone=${timeZone}&until=${until}`);
    return (JSON.parse(text) as { total: { orderCount: number } }).total.orderCount;
  };
  expect(await countUntil('00:00')).toBe(0);
  expect(await countUntil('23:45')).toBe(1);
});

test('only staff reads reports, and problems are never CSV', async () => {
  const { server, read } = await openShop();
  const accept = 'text/csv';
  for (const role of ['customer', 'service'] as const) {
    const other = { accept, authorization: await server.bearer(role, 'mallory') };
    const { status, headers } = await read(`${TODAY}&by=day`, other);
    expect([status, headers['content-type']]).toEqual([
      403,
      'application/problem+json; charset=utf-8',
    ]);
  }
  const places = {
    [`from=2026-02-29&to=2026-03-01&by=day`]: '/query/from',
    [`from=2026-2-1&to=2026-03-01&by=day`]: '/query/from',
    [`from=2026-02-01T00:00:00Z&to=2026-03-01&by=day`]: '/query/from',
    [`from=2026-02-01&by=day`]: '/query/to',
    [`from=2026-02-01&to=2026-02-01&by=day`]: '/query/to',
    [`from=2026-02-01&to=2027-12-01&by=day`]: '/query/to',
    [`from=2026-02-01&to=2026-03-01`]: '/query/by',
    [`from=2026-02-01&to=2026-03-01&by=user`]: '/query/by',
    [`from=2026-02-01&to=2026-03-01&by=product&until=14:30`]: '/query/until',
    [`from=2026-02-01&to=2026-03-01&by=day&until=14:31`]: '/query/until',
    [`from=2026-02-01&to=2026-03-01&by=day&until=24:00`]: '/query/until',
    [`from=2026-02-01&to=2026-03-01&by=day&timeZone=Asia/Soul`]: '/query/timeZone',
    [`from=2026-02-01&to=2026-03-01&by=day&timeZone=%2B09:00`]: '/query/timeZone',
  };
  for (const [query, pointer] of Object.entries(places)) {
    const { status, text } = await read(query, { accept });
    expect({ query, status, problem: JSON.parse(text) as unknown }).toMatchObject({
      query,
      status: 400,
      problem: { code: 'invalid_request', errors: [{ pointer }] },
    });
  }
});
