import { expect, test } from 'vitest';
import { assertInvariants, createTestDatabase } from '../support/database.ts';
import { openBusyShop, settle } from '../support/load.ts';
import { startPostgresProxy, type Message } from '../support/postgres-proxy.ts';
import { queryColumn } from '../support/queries.ts';
import { startProcesses } from '../support/services.ts';
import { tally } from '../support/api-calls.ts';
import { LATE_MS, timed } from '../support/timed.ts';
import { waitUntil } from '../support/wait.ts';

const ANSWER_MS = 1_000;
/** Orders that must be paid afterwards. */
const PAID_AFTERWARDS = 100;

test.for<Message['from']>(['client', 'server'])(
  'when messages of the %s are lost, answers are in time and each effect happens once',
  async (from) => {
    const direct = await createTestDatabase();
    const proxy = await startPostgresProxy(direct);
    const environment = { MOA_ANSWER_SECONDS: String(ANSWER_MS / 1_000) };
    const [shop] = await startProcesses(proxy.url, 1, environment);
    const startLoad = await openBusyShop(shop);
    const load = startLoad(shop);
    await load.paid(200);

    proxy.silence(from);
    const refused = () => load.sent.filter(({ answer }) => answer?.status === 503);
    // By then every buyer has timed out twice, and every earlier connection was closed.
    await waitUntil(() => refused().length >= 64, 'answers during the silence');
    const reading = await timed(shop.get('/v1/products'));
    expect(reading.answer.status).toBe(503);
    expect(reading.tookMs).toBeLessThan(ANSWER_MS + LATE_MS);
    proxy.restore();
    await load.paidMore(PAID_AFTERWARDS);
    await load.stop();

    const answers = load.sent.flatMap(({ answer }) => answer ?? []);
    const {
      201: paid,
      '503 unavailable': unknown = 0,
      '503 overloaded': never = 0,
      ...others
    } = tally(answers);
    expect([paid, others]).toEqual([expect.any(Number), {}]);
    expect(unknown + never).toBeGreaterThanOrEqual(64);
    expect(Math.max(...load.sent.map(({ tookMs }) => tookMs))).toBeLessThan(ANSWER_MS + LATE_MS);

    const settlement = await settle(shop, load.sent);
    process.stdout.write(`silent ${from}: ${JSON.stringify(settlement)}\n`);
    const count = await queryColumn(direct, 'select count(*) from orders.orders');
    expect(count).toEqual([String(load.sent.length)]);
    await assertInvariants(direct);
  },
);
