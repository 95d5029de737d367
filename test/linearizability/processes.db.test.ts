import { setTimeout as delay } from 'node:timers/promises';
import * as fc from 'fast-check';
import { v7 } from 'uuid';
import { expect, test } from 'vitest';
import { createProduct, expectStatus } from '../support/api-calls.ts';
import { createClient } from '../support/client.ts';
import { assertInvariants, createTestDatabase } from '../support/database.ts';
import { casesOf, sampleSeeded } from '../support/seed.ts';
import { startTestService, temporaryDirectory, tokenFor } from '../support/service.ts';
import { waitUntil } from '../support/wait.ts';
import { checkHistory } from './checker.ts';
import { PRICE } from './requests.ts';
import { createShopModels, requireLinearizable } from './shop.ts';
import { createTraffic, clientStep } from './traffic.ts';

/** A round of load, with a kill in its middle. */
const ANSWERS_BEFORE_KILL = 150;
const ANSWERS_AFTER_KILL = 150;
const kill = fc.record({ process: fc.nat({ max: 1 }), laterMs: fc.integer({ min: 0, max: 15 }) });

const plan = fc.record({
  kills: fc.array(kill, { minLength: casesOf(9), maxLength: casesOf(9) }),
  steps: fc.array(clientStep, { minLength: 1_000, maxLength: 1_000 }),
});
type Plan = typeof plan extends fc.Arbitrary<infer Value> ? Value : never;

/** Few users and products and many clients, so that most requests meet others. */
const CLIENTS = 8;
const STOCK = 10;
const BALANCE_MAX = 2_000;

/** Two processes on one database that can be killed and started again. */
const openProcesses = async () => {
  const url = await createTestDatabase();
  const directory = await temporaryDirectory();
  const token = await tokenFor(directory, 'service', 'shop');
  const start = async () => {
    const service = await startTestService({
      DATABASE_URL: url,
      MOA_DATA_DIR: directory,
      MOA_BALANCE_MAX: String(BALANCE_MAX),
      MOA_PENDING_ORDERS_MAX: '10000',
    });
    return { service, client: createClient(service.url, token) };
  };
  const [one, other] = await Promise.all([start(), start()]);
  const processes = [one, other];
  let killed: number | undefined;
  /** The client of a process, or of the other one from the kill until the restart. */
  const clientOf = (index: number) => processes[index === killed ? 1 - index : index]!.client;
  const restart = async (index: number): Promise<void> => {
    const ended = processes[index]!.service.end('SIGKILL');
    killed = index;
    expect(await ended).toBe('SIGKILL');
    processes[index] = await start();
    killed = undefined;
  };
  return { url, clientOf, restart };
};

test('answers and reads of two processes, killed under load, are those of one shop', async () => {
  const [{ kills, steps }] = sampleSeeded('linearizability', plan, 1) as [Plan];
  const { url, clientOf, restart } = await openProcesses();
  const users = [v7(), v7()];
  for (const user of users) expectStatus(201, await clientOf(0).put(`/v1/users/${user}`, {}));
  const item = { price: PRICE, stock: STOCK };
  const products = [await createProduct(clientOf(0), item), await createProduct(clientOf(0), item)];
  const traffic = createTraffic({ users, products, balanceMax: BALANCE_MAX, clientOf });
  const { history, counts } = traffic;

  let sent = 0;
  const sendUntil = async (enough: number): Promise<void> => {
    while (history.length < enough) await traffic.send(steps[sent++ % steps.length]!);
  };
  for (const { process, laterMs } of kills) {
    const before = history.length + ANSWERS_BEFORE_KILL;
    const after = before + ANSWERS_AFTER_KILL;
    const clients = Promise.all(Array.from({ length: CLIENTS }, () => sendUntil(after)));
    await waitUntil(() => history.length >= before, 'the answers before a kill');
    await delay(laterMs);
    await Promise.all([restart(process), clients]);
  }

  const { byKey, whole } = createShopModels(history, new Map(products.map((id) => [id, STOCK])));
  process.stdout.write(`${JSON.stringify({ operations: history.length, ...counts })}\n`);
  for (const { key, history: part, model } of byKey) {
    requireLinearizable(key, checkHistory(part, model));
  }
  requireLinearizable('the shop', checkHistory(history, whole));
  expect(counts.lost + counts.repeated).toBeGreaterThan(0);
  await assertInvariants(url);
});
