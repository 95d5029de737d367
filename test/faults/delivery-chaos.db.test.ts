import { setTimeout as delay } from 'node:timers/promises';
import * as fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';
import { startEmbedded } from '../../src/postgres/embedded.ts';
import { createClient } from '../support/client.ts';
import { assertInvariants } from '../support/database.ts';
import { openBusyShop } from '../support/load.ts';
import { queryColumn } from '../support/queries.ts';
import { SECRET, startReceiver, type Answering, type Receiver } from '../support/receiver.ts';
import { casesOf, sampleSeeded } from '../support/seed.ts';
import { startTestService, temporaryDirectory, tokenFor } from '../support/service.ts';
import { createProduct, expectStatus, type Client } from '../support/api-calls.ts';
import { waitUntil } from '../support/wait.ts';

/** A receiver's behaviour for one request. */
type Mood = 'take' | 'take and reset' | 'fail' | 'reset' | 'hang';

const KILLS = casesOf(10);

const round = fc.record({
  paid: fc.integer({ min: 1, max: 100 }),
  laterMs: fc.integer({ min: 0, max: 30 }),
  moods: fc.array(
    fc.constantFrom<Mood>('take', 'take', 'take and reset', 'fail', 'reset', 'hang'),
    { minLength: 4, maxLength: 4 },
  ),
  /** Whether the receiver, and whether PostgreSQL, is restarted. */
  restarts: fc.boolean(),
  crashes: fc.boolean(),
});

/** Follows the moods, one for each request, and then accepts everything. */
const answerBy = (moods: Mood[], receiver: Receiver): Answering => {
  return ({ events }) => {
    const mood = moods.shift() ?? 'take';
    if (mood === 'take and reset') {
      // Stored without an answer, so the events are sent again.
      receiver.taken.push(...events);
      return 'reset';
    }
    if (mood === 'hang' || mood === 'reset') return mood;
    return { status: mood === 'fail' ? 500 : 200 };
  };
};

/** The first column of a query, once PostgreSQL runs and there is a row. */
const askUntil = async (url: string, sql: string, values: unknown[] = []): Promise<string[]> => {
  let answer: string[] = [];
  await waitUntil(async () => {
    answer = await queryColumn(url, sql, values).catch(() => []);
    return answer.length > 0;
  }, 'an answer of PostgreSQL');
  return answer;
};

/** Kills the backend of the delivery connection, after which PostgreSQL restarts all processes. */
const crash = async (url: string): Promise<void> => {
  const find = "select pid from pg_stat_activity where application_name = 'moa delivery'";
  const [pid] = await askUntil(url, find);
  process.kill(Number(pid), 'SIGKILL');
};

const SENT = `select event_id from journal.events
  where type not in ('wallet.opened.v1', 'order.placed.v1') and type not like 'cart.%'
    and position > $1
  order by position`;

test('kills of the service, receiver and PostgreSQL neither lose nor reorder events', async () => {
  const rounds = sampleSeeded('delivery chaos', round, KILLS);
  const directory = await temporaryDirectory();
  const database = await startEmbedded({ directory, log: () => undefined });
  onTestFinished(database.stop);
  const { url } = database;
  const token = await tokenFor(directory, 'service', 'shop');
  const staff = await tokenFor(directory, 'staff', 'staff');
  const start = () =>
    startTestService({
      DATABASE_URL: url,
      MOA_DATA_DIR: directory,
      MOA_WEBHOOK_ALLOW_PRIVATE: 'on',
    });
  const services = [await start(), await start()];
  const clientOf = (index: number): Client => createClient(services[index]!.url, token);

  const startLoad = await openBusyShop(clientOf(0));
  const productId = await createProduct(clientOf(0), { price: 1, stock: 1 });
  const receiver = await startReceiver();
  const destination = { name: 'platform', kind: 'webhook', url: receiver.url, secret: SECRET };
  const made = await createClient(services[0]!.url, staff).post('/v1/destinations', destination);
  const { destinationId } = expectStatus(201, made).body;
  const [begin] = await queryColumn(url, 'select max(position) from journal.events');

  /** A changed destination is retried at once, without the pause after the last failure. */
  let changes = 0;
  const nudge = async (): Promise<void> => {
    const body = { name: `platform ${changes++}` };
    const patches = services.map((each) =>
      createClient(each.url, staff).patch(`/v1/destinations/${destinationId}`, body),
    );
    await Promise.allSettled(patches);
  };

  for (const [index, { paid, laterMs, moods, restarts, crashes }] of rounds.entries()) {
    // One at least: what is taken and not answered is sent again.
    const left: Mood[] = index === 0 ? ['take and reset', ...moods.slice(1)] : [...moods];
    receiver.answerWith(answerBy(left, receiver));
    const victim = index % 2;
    const load = startLoad(clientOf(victim));
    for (let delta = 1; delta <= 3; delta++) {
      const adjustment = { delta, reason: `round ${index}` };
      await clientOf(victim).post(`/v1/products/${productId}/stock-adjustments`, adjustment);
    }
    await load.paid(paid);
    await waitUntil(async () => {
      await nudge();
      return left.length === 0;
    }, 'a request in every mood');
    if (restarts) await receiver.stop();
    await delay(laterMs);
    expect(await services[victim]!.end('SIGKILL')).toBe('SIGKILL');
    await load.ended;
    services[victim] = await start();
    if (crashes) await crash(url);
    if (restarts) await receiver.start();
  }

  const sent = await askUntil(url, SENT, [begin]);
  const isThere = async () => {
    await nudge();
    return new Set(receiver.taken.map(({ id }) => id)).size >= sent.length;
  };
  await waitUntil(isThere, `${sent.length} events at the receiver`);

  const first = [...new Map(receiver.taken.map((event) => [event.id, event])).values()];
  expect(new Set(first.map(({ id }) => id))).toEqual(new Set(sent));
  process.stdout.write(`${sent.length} events, taken ${receiver.taken.length} times\n`);

  // The first receipts of a subject's events are in order.
  const positions = new Map(sent.map((id, position) => [id, position]));
  const last = new Map<string, number>();
  for (const { id, subject } of first) {
    const position = positions.get(id)!;
    expect(position).toBeGreaterThan(last.get(subject) ?? -1);
    last.set(subject, position);
  }
  expect(receiver.taken.length).toBeGreaterThan(sent.length);
  expect(receiver.unsigned()).toBe(0);
  await assertInvariants(url);
});
