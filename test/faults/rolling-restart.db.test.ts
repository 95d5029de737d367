import { Agent, request, type IncomingMessage } from 'node:http';
import { networkInterfaces } from 'node:os';
import { v7 } from 'uuid';
import { expect, onTestFinished, test } from 'vitest';
import { assertInvariants, createTestDatabase } from '../support/database.ts';
import { queryColumn } from '../support/queries.ts';
import { startTestService, temporaryDirectory, tokenFor } from '../support/service.ts';
import { waitUntil, withinTime } from '../support/wait.ts';

const RESTARTS = 2;
/** Of each kind of connection, on each address. */
const BUYERS = 4;

/** Makes `localhost` two addresses, also for the workers. */
const TWO_ADDRESSES = `--import ${new URL('../support/two-addresses.mjs', import.meta.url).href}`;

const hasIpv6 = Object.values(networkInterfaces())
  .flatMap((addresses) => addresses ?? [])
  .some(({ address }) => address === '::1');

/** Sends a request over the agent's connections; resolves to the status and the text. */
const send = (method: string, url: string, { agent, token }: Caller, body: object) =>
  new Promise<string>((resolve, reject) => {
    const headers = {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      'idempotency-key': v7(),
    };
    const sent = request(url, { method, agent, headers });
    sent.once('error', reject);
    sent.once('response', (answer: IncomingMessage) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      answer.once('error', reject);
      answer.once('end', () => resolve(`${answer.statusCode} ${text}`));
    });
    sent.end(JSON.stringify(body));
  });

interface Caller {
  readonly agent: Agent;
  readonly token: string;
}

const openAgent = (keepAlive: boolean): Agent => {
  const agent = new Agent({ keepAlive });
  onTestFinished(() => agent.destroy());
  return agent;
};

/** Creates buyers and products on connections that do not stay open; returns an order of each. */
const createOrders = (url: string, token: string): Promise<object[]> => {
  const caller = { agent: openAgent(false), token };
  const createOrder = async () => {
    const userId = v7();
    await send('PUT', `${url}/v1/users/${userId}`, caller, {});
    await send('POST', `${url}/v1/users/${userId}/wallet/charges`, caller, { amount: 100_000 });
    const product = { name: 'Mug', price: 1, stock: 100_000 };
    const created = await send('POST', `${url}/v1/products`, caller, product);
    const { productId } = JSON.parse(created.slice(4)) as { productId: string };
    return { userId, items: [{ productId, quantity: 1 }] };
  };
  return Promise.all(Array.from({ length: BUYERS }, createOrder));
};

test.skipIf(!hasIpv6)(
  'several rolling restarts in a row refuse no request, on any address and connection',
  async () => {
    const databaseUrl = await createTestDatabase();
    const directory = await temporaryDirectory();
    const service = await startTestService({
      DATABASE_URL: databaseUrl,
      MOA_DATA_DIR: directory,
      MOA_PROCESSES: '2',
      HOST: 'localhost',
      NODE_OPTIONS: TWO_ADDRESSES,
    });
    const token = await tokenFor(directory, 'service', 'shop');
    const orders = await createOrders(service.url, token);
    const { port } = new URL(service.url);
    const kinds = [`http://127.0.0.1:${port}`, `http://[::1]:${port}`].flatMap((address) =>
      [true, false].map((keepAlive) => ({
        url: `${address}/v1/checkout`,
        caller: { agent: openAgent(keepAlive), token },
        answers: [] as string[],
      })),
    );
    const stopping = new AbortController();
    const buyOn = async ({ url, caller, answers }: (typeof kinds)[number], order: object) => {
      while (!stopping.signal.aborted) {
        answers.push(await send('POST', url, caller, order).catch(String));
      }
    };
    const loads = kinds.flatMap((kind) => orders.map((order) => buyOn(kind, order)));
    const sellMore = async (): Promise<void> => {
      const before = kinds.map(({ answers }) => answers.length);
      const isSold = () =>
        kinds.every(({ answers }, index) => answers.length > before[index]! + 10);
      await waitUntil(isSold, 'orders of each kind');
    };

    for (let restart = 1; restart <= RESTARTS; restart++) {
      await sellMore();
      process.kill(service.pid, 'SIGHUP');
      const renewals = () => service.output().split('Every worker is new').length - 1;
      await waitUntil(() => renewals() === restart, `restart ${restart}`);
    }
    await sellMore();
    stopping.abort();
    await withinTime(Promise.all(loads), 'the last answers');

    const answers = kinds.flatMap((kind) => kind.answers);
    process.stdout.write(`${answers.length} orders during ${RESTARTS} restarts\n`);
    expect(answers.filter((answer) => !answer.startsWith('201 '))).toEqual([]);
    const stored = await queryColumn(databaseUrl, 'select count(*) from orders.orders');
    expect(stored).toEqual([String(answers.length)]);
    await assertInvariants(databaseUrl);
    expect(await service.end('SIGTERM')).toBe(0);
  },
);
