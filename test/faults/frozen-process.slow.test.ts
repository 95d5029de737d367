import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { v7 } from 'uuid';
import { expect, onTestFinished, test } from 'vitest';
import { createClient } from '../support/client.ts';
import { assertInvariants, createTestDatabase } from '../support/database.ts';
import { openBusyShop, p99Of, settle } from '../support/load.ts';
import { asksCommit, startPostgresProxy } from '../support/postgres-proxy.ts';
import { queryColumn } from '../support/queries.ts';
import { startTestService, temporaryDirectory, tokenFor } from '../support/service.ts';
import { createProduct, expectStatus, registerUsers } from '../support/api-calls.ts';
import { LATE_MS, STALL_MS, timed } from '../support/timed.ts';
import { waitUntil, withinTime } from '../support/wait.ts';

const ANSWER_MS = 5_000;
const SLOWER_MAX = 10;
const NORMAL_ORDERS = 500;
const VICTIMS = 5;
/** More than a server of Node accepts in advance unless it is asked to. */
const CLIENTS = 2_000;

test('a process frozen in a transaction loses its locks, its order has one effect', async () => {
  const direct = await createTestDatabase();
  const proxy = await startPostgresProxy(direct);
  const directory = await temporaryDirectory();
  const token = await tokenFor(directory, 'service', 'shop');
  const start = (url: string) => startTestService({ DATABASE_URL: url, MOA_DATA_DIR: directory });
  const frozen = await start(proxy.url);
  const other = await start(direct);
  const [frozenShop, shop] = [frozen, other].map(({ url }) => createClient(url, token));
  const userIds = await registerUsers(shop!, 1 + VICTIMS, 1_000);
  const productId = await createProduct(shop!, { price: 10, stock: 1_000 });
  const orderOf = (index: number) => ({
    userId: userIds[index],
    items: [{ productId, quantity: 1 }],
  });
  const startLoad = await openBusyShop(shop!);
  const load = startLoad(shop!);
  await load.paid(NORMAL_ORDERS);

  // The rows are written; the process is frozen before COMMIT reaches PostgreSQL.
  const isFrozen = new Promise<void>((resolve) => {
    proxy.cutAt((message) => {
      if (!asksCommit(message)) return false;
      process.kill(frozen.pid, 'SIGSTOP');
      resolve();
      return 'silence';
    });
  });
  const key = v7();
  const first = frozenShop!.post('/v1/checkout', orderOf(0), key);
  await withinTime(isFrozen, 'a frozen process');
  const before = load.sent.length;
  const victims = await Promise.all(
    userIds.slice(1).map((_id, index) => timed(shop!.post('/v1/checkout', orderOf(index + 1)))),
  );
  const others = load.sent.slice(before);
  await load.stop();
  proxy.restore();
  process.kill(frozen.pid, 'SIGCONT');

  for (const { answer, tookMs } of victims) {
    expectStatus(201, answer);
    expect(tookMs).toBeLessThan(ANSWER_MS + LATE_MS);
  }
  const slowest = Math.max(...victims.map(({ tookMs }) => tookMs));
  const normal = p99Of(load.sent.slice(0, before));
  process.stdout.write(
    `rows were unlocked after ${slowest.toFixed(0)} ms; p99 ${p99Of(others).toFixed(1)} ms of ` +
      `${others.length} others, ${normal.toFixed(1)} ms before\n`,
  );
  expect(others.filter(({ answer }) => answer?.status !== 201)).toEqual([]);
  expect(p99Of(others)).toBeLessThan(Math.max(normal * SLOWER_MAX, STALL_MS));

  expect([201, 503]).toContain((await first).status);
  await waitUntil(
    async () => (await frozenShop!.get('/readyz')).status === 200,
    'the frozen process',
  );
  expectStatus(201, await frozenShop!.post('/v1/checkout', orderOf(0), key));
  const sold = 'select count(*) from orders.lines where product_id = $1';
  expect(await queryColumn(direct, sold, [productId])).toEqual([String(1 + VICTIMS)]);
  await settle(shop!, load.sent);
  await assertInvariants(direct);
});

test.skipIf(process.platform !== 'linux')(
  '2,000 clients that come at once to a frozen process connect, and are answered when it goes on',
  async () => {
    const url = await createTestDatabase();
    const service = await startTestService({ DATABASE_URL: url });
    const { hostname, port } = new URL(service.url);
    process.kill(service.pid, 'SIGSTOP');
    const sockets = Array.from({ length: CLIENTS }, () => connect(Number(port), hostname));
    onTestFinished(() => {
      for (const socket of sockets) socket.destroy();
    });
    const connected = Promise.all(sockets.map((socket) => once(socket, 'connect')));
    await withinTime(connected, 'connections to a frozen process');
    const answers = sockets.map(async (socket) => {
      socket.write(`GET /healthz HTTP/1.1\r\nHost: ${hostname}\r\nConnection: close\r\n\r\n`);
      return text(socket);
    });
    process.kill(service.pid, 'SIGCONT');
    const all = await withinTime(Promise.all(answers), 'answers');
    expect(all.filter((answer) => !answer.startsWith('HTTP/1.1 200'))).toEqual([]);
  },
);
