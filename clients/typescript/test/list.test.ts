import { expect, test } from 'vitest';
import { createMoa } from '../src/index.ts';
import { startScriptedServer, type Step } from './scripted-server.ts';

const page = (ids: string[], nextCursor: string | null): Step => ({
  status: 200,
  body: { items: ids.map((orderId) => ({ orderId })), nextCursor },
});
const pages = [page(['a', 'b'], 'two'), page([], 'three'), page(['c'], null)];

test('an iteration reads page after page until none is left', async () => {
  const { url, received } = await startScriptedServer(...pages);
  const ids: string[] = [];
  const orders = createMoa({ url }).orders({ status: 'paid', limit: 2 });
  expect(received).toEqual([]);
  for await (const { orderId } of orders) ids.push(orderId);
  expect(ids).toEqual(['a', 'b', 'c']);
  const query = '/v1/users/me/orders?status=paid&limit=2';
  const cursors = ['', '&cursor=two', '&cursor=three'];
  expect(received.map((request) => request.url)).toEqual(cursors.map((each) => query + each));
});

test('an iteration that is left reads no more pages', async () => {
  const { url, received } = await startScriptedServer(...pages);
  for await (const { orderId } of createMoa({ url }).orders()) {
    if (orderId === 'b') break;
  }
  expect(received).toHaveLength(1);
});

test('an iteration can begin at a cursor, and a page can be read alone', async () => {
  const { url, received } = await startScriptedServer(pages[2]!);
  const moa = createMoa({ url });
  const entries = await Array.fromAsync(moa.wallet('bob').entries({ cursor: 'from here' }));
  expect(entries).toEqual([{ orderId: 'c' }]);
  const read = await moa.list('/v1/orders', { query: { userId: 'bob' } }).page('there');
  expect(read).toMatchObject({ ok: true, data: { nextCursor: null } });
  expect(received.map((request) => request.url)).toEqual([
    '/v1/users/bob/wallet/entries?cursor=from%20here',
    '/v1/orders?userId=bob&cursor=there',
  ]);
});

test('a problem ends an iteration with a fault that has it; a page has it as a value', async () => {
  const problem = { code: 'user_not_found', status: 404 };
  const { url } = await startScriptedServer(pages[0]!, { status: 404, body: problem });
  const orders = createMoa({ url }).orders({ userId: 'bob' });
  await expect(Array.fromAsync(orders)).rejects.toMatchObject({ reason: 'problem', problem });
  expect(await orders.page()).toEqual({ ok: false, problem });
});
