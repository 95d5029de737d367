import { once } from 'node:events';
import { Agent, get, request, type IncomingMessage } from 'node:http';
import { connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { expect, onTestFinished, test } from 'vitest';
import { createProduct, expectStatus, registerUsers } from './support/api-calls.ts';
import { createClient } from './support/client.ts';
import { assertInvariants, createTestDatabase } from './support/database.ts';
import { createDataDirectory } from './support/embedded.ts';
import { BUYERS, openBusyShop, settle } from './support/load.ts';
import { isAlive } from './support/processes.ts';
import { queryColumn, runSql } from './support/queries.ts';
import { SECRET, startReceiver, type Receiver } from './support/receiver.ts';
import {
  spawnTestService,
  startTestService,
  temporaryDirectory,
  tokenFor,
  type RunningService,
  type ServiceProcess,
} from './support/service.ts';
import { waitUntil, withinTime } from './support/wait.ts';

/** The process ids of the workers that have listened, the newest last. */
const workersOf = ({ output }: ServiceProcess): number[] =>
  [...output().matchAll(/"pid":(\d+),[^\n]*"msg":"Worker listens/g)].map(([, pid]) => Number(pid));

/** Waits until a service has written a text a number of times. */
const waitForOutput = ({ output }: ServiceProcess, part: string, times = 1): Promise<void> =>
  waitUntil(() => output().split(part).length > times, `the output "${part}"`);

/** Reads the metrics over a connection of its own, which any worker answers. */
const readMetrics = async ({ url }: RunningService): Promise<(line: string) => number> => {
  const sent = get(`${url}/metrics`, { agent: false, signal: AbortSignal.timeout(30_000) });
  const [answer] = (await once(sent, 'response')) as [IncomingMessage];
  const lines = (await text(answer)).split('\n');
  return (name) => Number(lines.find((line) => line.startsWith(`${name} `))?.split(' ')[1]);
};

const PAID = 'moa_http_requests_total{operation="checkout",status="201"}';

/** A connection on which one request was answered, and which then idles. */
const openIdle = ({ url }: RunningService) => {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  onTestFinished(() => agent.destroy());
  return async () => {
    const sent = request(`${url}/readyz`, { agent }).end();
    const [answer] = (await once(sent, 'response')) as [IncomingMessage];
    await once(answer.resume(), 'end');
    return [answer.statusCode, answer.headers.connection, sent.reusedSocket];
  };
};

/** Two connections, one for each worker, on which nothing is sent. */
const openBoth = async ({ url }: RunningService): Promise<Socket[]> => {
  const { hostname: host, port } = new URL(url);
  const sockets = [0, 1].map(() => connect({ host, port: Number(port) }));
  await Promise.all(sockets.map((socket) => once(socket, 'connect')));
  return sockets;
};

test('two workers are one service: killed, hung, replaced and stopped under load', async () => {
  const directory = await createDataDirectory();
  const environment = { MOA_DATA_DIR: directory.path, MOA_DEMO: 'off', MOA_PROCESSES: '2' };
  const service = await startTestService(environment);
  const client = createClient(service.url, await tokenFor(directory.path, 'service', 'shop'));
  await waitForOutput(service, 'Worker listens', 2);
  const workers = workersOf(service);
  expect(new Set([...workers, service.pid]).size).toBe(3);
  expect(service.output().split('Moa listens on').length).toBe(2);
  const startLoad = await openBusyShop(client);
  let sent = 0;

  // Whichever worker answers, the metrics are those of both.
  const both = startLoad(client);
  await both.paid(100);
  await both.stop();
  sent += both.sent.length;
  for (const read of await Promise.all([readMetrics(service), readMetrics(service)])) {
    expect([PAID, 'moa_workers', 'moa_workers_answered'].map(read)).toEqual([sent, 2, 2]);
  }

  const crash = startLoad(client);
  await crash.paid(100);
  process.kill(workers[0]!, 'SIGKILL');
  await waitForOutput(service, 'Worker listens', 3);
  await crash.stop();
  sent += crash.sent.length;
  const settlement = await settle(client, crash.sent);
  process.stdout.write(`killed a worker: ${JSON.stringify(settlement)}\n`);
  // The buyers of the killed worker lose one order each, which they can send again; those of the
  // other one are refused nothing and buy on.
  expect(settlement.answered).toBeGreaterThan(100);
  expect(new Set(crash.sent.map(({ answer }) => answer?.status))).toEqual(
    new Set([201, undefined]),
  );
  expect(settlement.hadEffect + settlement.hadNone).toBeGreaterThan(0);
  expect(settlement.hadEffect + settlement.hadNone).toBeLessThan(BUYERS);

  const restart = startLoad(client);
  await restart.paid(100);
  const askIdle = [openIdle(service), openIdle(service)];
  for (const ask of askIdle) expect(await ask()).toEqual([200, 'keep-alive', false]);
  process.kill(service.pid, 'SIGHUP');
  await waitForOutput(service, 'Every worker is new');
  for (const ask of askIdle) expect(await ask()).toEqual([200, 'close', true]);
  await restart.paidMore(100);
  await restart.stop();
  sent += restart.sent.length;
  expect(new Set(restart.sent.map(({ answer }) => answer?.status))).toEqual(new Set([201]));

  const hung = workersOf(service).at(-1)!;
  const before = await readMetrics(service);
  expect(before('moa_worker_failures_total')).toBe(1);
  expect(before(PAID)).toBeGreaterThanOrEqual(both.sent.length + restart.sent.length);

  // A worker that hangs is not waited for, and its connections end when it is killed. What it has
  // counted remains in the sums.
  process.kill(hung, 'SIGSTOP');
  const sockets = await openBoth(service);
  const allClosed = Promise.all(sockets.map((socket) => once(socket.resume(), 'close')));
  const during = await readMetrics(service);
  expect(during('moa_workers') - during('moa_workers_answered')).toBe(1);
  expect(during(PAID)).toBe(before(PAID));
  process.kill(hung, 'SIGKILL');
  await waitForOutput(service, 'Worker listens', 6);
  await waitUntil(() => sockets.some(({ closed }) => closed), 'the end of its connection');
  for (const socket of sockets) socket.destroy();
  await allClosed;
  expect((await readMetrics(service))(PAID)).toBe(before(PAID));

  const url = await directory.databaseUrl();
  expect(await queryColumn(url, 'select count(*) from orders.orders')).toEqual([String(sent)]);
  await assertInvariants(url);
  const stopped = startLoad(client);
  await stopped.paid(50);
  const ended = service.end('SIGTERM');
  await withinTime(stopped.ended, 'the end of the load');
  const statuses = stopped.sent.map(({ answer }) => answer?.status);
  expect(new Set(statuses)).toEqual(new Set([201, undefined]));
  expect(await ended).toBe(0);
  expect([...workersOf(service), service.pid].filter(isAlive)).toEqual([]);
  expect(await directory.postmaster()).toBeUndefined();
});

/** A shop whose background work can be seen from outside. */
const openWorkingShop = async (service: RunningService, directory: string) => {
  const client = createClient(service.url, await tokenFor(directory, 'service', 'shop'));
  const staff = createClient(service.url, await tokenFor(directory, 'staff', 'staff'));
  const [userId] = await registerUsers(client, 1, 1_000_000);
  const productId = await createProduct(client, { price: 1, stock: 1_000 });
  const orderRequest = { userId, items: [{ productId, quantity: 1 }] };
  const order = async (path: string) => {
    const { body } = expectStatus(201, await client.post(path, orderRequest));
    return String(body['orderId']);
  };
  const sold = async (): Promise<unknown> => (await staff.get('/v1/best-sellers')).body['items'];
  const proven = async () => Number((await staff.get('/v1/audit')).body['position']);
  const treeSize = async () =>
    Number((await (await fetch(`${service.url}/v1/log/checkpoint`)).text()).split('\n')[1]);
  return { client, order, sold, proven, treeSize };
};

/** Waits until each job of the background has done what two new orders cause. */
const expectWork = async (
  { client, order, sold, proven, treeSize }: Awaited<ReturnType<typeof openWorkingShop>>,
  receiver: Receiver,
  when: string,
): Promise<void> => {
  const began = performance.now();
  const [before, size] = [await proven(), await treeSize()];
  const [paid, pending] = [await order('/v1/checkout'), await order('/v1/orders')];
  const isSent = () => receiver.taken.some(({ subject }) => subject === paid);
  const isExpired = async () => (await client.get(`/v1/orders/${pending}`)).body['status'];
  await Promise.all([
    waitUntil(isSent, `the delivery ${when}`),
    waitUntil(async () => (await isExpired()) === 'expired', `the expiry ${when}`),
    waitUntil(async () => (await proven()) >= before + 2, `the audit ${when}`),
    waitUntil(async () => (await treeSize()) >= size + 2, `the log ${when}`),
    waitUntil(async () => JSON.stringify(await sold()).includes('Mug'), `the sales ${when}`),
  ]);
  process.stdout.write(`${when}: ${Math.round(performance.now() - began)} ms\n`);
};

test('work goes on when its worker is killed, another does not start, or the primary ends', async () => {
  const databaseUrl = await createTestDatabase();
  const directory = await temporaryDirectory();
  const receiver = await startReceiver();
  const environment = {
    DATABASE_URL: databaseUrl,
    MOA_DATA_DIR: directory,
    MOA_PROCESSES: '2',
    MOA_METRICS_PORT: '0',
    MOA_AUDIT_SECONDS: '0.5',
    MOA_RESERVATION_MINUTES: '0.01',
    MOA_WEBHOOK_ALLOW_PRIVATE: 'on',
    MOA_WEBHOOK_URL: receiver.url,
    MOA_WEBHOOK_SECRET: SECRET,
  };
  const service = await startTestService(environment);
  // What a worker writes may arrive after what the primary writes.
  await waitForOutput(service, 'Worker listens', 2);
  const workers = workersOf(service);
  const shop = await openWorkingShop(service, directory);
  await expectWork(shop, receiver, 'with both workers');
  process.kill(workers[0]!, 'SIGKILL');
  await waitForOutput(service, 'ended (SIGKILL)');
  await expectWork(shop, receiver, 'without the first worker');
  await waitForOutput(service, 'Worker listens', 3);

  // Another version has taken the database over: no further worker starts.
  const contracted = '999999_contracted.sql';
  await runSql(
    databaseUrl,
    `insert into moa.migrations (name, checksum, compatible)
     values ('${contracted}', '', 'contract')`,
  );
  process.kill(service.pid, 'SIGHUP');
  await waitForOutput(service, 'The rolling restart ends here. the database is newer');
  process.kill(workers[1]!, 'SIGKILL');
  await waitForOutput(service, 'A worker does not start; the next attempt is in 1000 ms. the data');
  await expectWork(shop, receiver, 'without the second worker');
  await runSql(databaseUrl, `delete from moa.migrations where name = '${contracted}'`);
  await waitForOutput(service, 'Worker listens', 4);

  const { port } = new URL(service.url);
  const refused = spawnTestService({ ...environment, PORT: port });
  expect(await withinTime(refused.ended, 'a failed start')).toBe(1);
  const reason = `Port ${port} on 127.0.0.1 is in use. Set PORT to another port.\n`;
  expect(refused.output().endsWith(`}\n${reason}`)).toBe(true);

  expect(await service.end('SIGKILL')).toBe('SIGKILL');
  await waitUntil(() => !workersOf(service).some(isAlive), 'the end of the workers');
  await assertInvariants(databaseUrl);
});
