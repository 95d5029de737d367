import { Client } from 'pg';
import { pino } from 'pino';
import { Registry } from '@prometheus-io/client';
import { onTestFinished } from 'vitest';
import { readConfig } from '../../src/config.ts';
import type { Role, Route } from '../../src/contract/index.ts';
import { createServer } from '../../src/http/server.ts';
import { acceptApiKeys, createTokens, deriveSecret } from '../../src/identity/index.ts';
import { createSignIn, type IdentityProvider } from '../../src/sign-in/index.ts';
import { startSystem } from '../../src/system.ts';
import { createClient, createExchange, type Exchange } from '../support/client.ts';
import { createFileDatabase, createTestDatabase } from '../support/database.ts';
import { SECRET } from '../support/receiver.ts';
import { temporaryDirectory, tokenFor, type OnEnd } from '../support/service.ts';
import { testsOfOne } from '../support/tests-of-one.ts';
import { expectStatus } from '../support/api-calls.ts';
import { uploadPicture } from '../support/picture.ts';
import type { Known } from './samples.ts';

export interface RealServer {
  readonly databaseUrl: string;
  /** Signs the cookies of sessions. */
  readonly signInSecret: string;
  readonly url: string;
  readonly routes: readonly Route[];
  readonly exchange: Exchange;
  /** Ids of existing things: a user with money, a product with stock, a paid order. */
  readonly known: Known;
  /** Headers of a caller who may call the route and is not limited to their own resources. */
  readonly headersFor: (
    route: Pick<Route, 'access' | 'restricted' | 'keyed' | 'operation'>,
  ) => Record<string, string>;
  /** The value of `Authorization` for a role and a user. */
  readonly bearer: (role: Role, userId: string) => Promise<string>;
  /** The log lines about internal errors. */
  readonly failures: readonly string[];
}

export interface RealServerOptions {
  /** Whether users sign in here. */
  readonly signsIn?: boolean;
  readonly demo?: boolean;
  /** Whether sign-in is limited. */
  readonly limitsSignIn?: boolean;
  readonly publicUrl?: string;
  readonly provider?: IdentityProvider;
  readonly trustProxy?: boolean;
  readonly host?: string;
  readonly port?: number;
  /** The maximum time to the outcome of a command. */
  readonly answerMs?: number;
}

/** The whole system behind its HTTP server, on a new database with a few rows. */
export const startRealServer = async (options: RealServerOptions = {}): Promise<RealServer> =>
  serve(await createTestDatabase(), onTestFinished, options);

/** The same server for all tests of a file that change nothing or only what no other test reads. */
export const testOnSharedServer = testsOfOne(async (onEnd) =>
  serve(await createFileDatabase(), onEnd),
);

const serve = async (
  databaseUrl: string,
  onEnd: OnEnd,
  options: RealServerOptions = {},
): Promise<RealServer> => {
  const { signsIn = true, demo = false, limitsSignIn = false } = options;
  const { host = '127.0.0.1', port = 0 } = options;
  const directory = await temporaryDirectory(onEnd);
  const { answerMs = 5_000 } = options;
  const settings = { delivery: { allowPrivate: true }, limits: { answerMs } };
  const system = startSystem(databaseUrl, readConfig({}).settings, settings);
  const failures: string[] = [];
  const signInSecret = await deriveSecret(directory, 'sign-in');
  const signIn = createSignIn(system.reads, {
    secret: signInSecret,
    publicUrl: options.publicUrl ?? 'http://127.0.0.1:3000',
    rateLimit: limitsSignIn,
    demo,
    provider: options.provider,
    onNotice: (message) => failures.push(message),
  });
  const app = await createServer({
    routes: system.routes,
    tokens: acceptApiKeys(await createTokens({ kind: 'own', directory }), system.apiKeys),
    ...(signsIn ? { signIn } : {}),
    ensureRegistered: system.users.ensureRegistered,
    ready: () => Promise.resolve({ ready: true, checks: {} }),
    answerMs: 5_000,
    rateLimit: false,
    trustProxy: options.trustProxy ?? false,
    log: pino({ level: 'error' }, { write: (line: string) => failures.push(line) }),
    metrics: new Registry(),
    version: '1',
  });
  const url = await app.listen({ host, port });
  onEnd(async () => {
    await app.close();
    await system.close();
  });
  const tokens = {
    service: await tokenFor(directory, 'service', 'shop'),
    staff: await tokenFor(directory, 'staff', 'staff'),
    customer: await tokenFor(directory, 'customer', 'alice'),
  };
  const headersFor: RealServer['headersFor'] = ({ keyed, operation, ...route }) => {
    const access = route.restricted?.access ?? route.access;
    const role = (['service', 'staff', 'customer'] as const).find((each) => access.includes(each));
    return {
      ...(role === undefined ? {} : { authorization: `Bearer ${tokens[role]}` }),
      ...(keyed === true ? { 'idempotency-key': `tries at ${operation}` } : {}),
    };
  };
  return {
    databaseUrl,
    url,
    routes: system.routes,
    exchange: createExchange(url),
    signInSecret,
    known: await seed(url, tokens),
    headersFor,
    bearer: async (role, userId) => `Bearer ${await tokenFor(directory, role, userId)}`,
    failures,
  };
};

const seed = async (url: string, tokens: Record<'service' | 'staff', string>): Promise<Known> => {
  const shop = createClient(url, tokens.service);
  const userId = 'alice';
  expectStatus(201, await shop.put(`/v1/users/${userId}`, { name: 'Alice' }));
  expectStatus(201, await shop.post(`/v1/users/${userId}/wallet/charges`, { amount: 100_000 }));
  const product = await shop.post('/v1/products', { name: 'Mug', price: 1_000, stock: 50 });
  const productId: unknown = expectStatus(201, product).body['productId'];
  const items = [{ productId, quantity: 1 }];
  const order = expectStatus(201, await shop.post('/v1/checkout', { userId, items }));
  const webhook = { url: 'http://127.0.0.1:9/events', secret: SECRET, ca: null };
  const paused = { name: 'platform', kind: 'webhook', ...webhook, status: 'paused' };
  const staff = createClient(url, tokens.staff);
  const destination = expectStatus(201, await staff.post('/v1/destinations', paused));
  const { destinationId } = destination.body;
  const orderId: unknown = order.body['orderId'];
  const imageId = await uploadPicture(url, tokens.service);
  const more = {
    metadata: { channel: 'app' },
    expiresAt: '2999-01-01T00:00:00Z',
    file: 'moa.order.paid.v1.json',
  };
  return { userId, productId, orderId, imageId, destinationId, ...more, ...webhook };
};

// Except the tables that follow the journal a moment later.
const TABLES = `
select format('%I.%I', n.nspname, c.relname) as name
from pg_class c join pg_namespace n on n.oid = c.relnamespace
where
  c.relkind = 'r'
  and n.nspname not in ('pg_catalog', 'information_schema', 'bestseller', 'report', 'log')
  and c.relname <> 'cursors'
order by 1`;

/** The number and a hash of the rows of every table that requests change, by table. */
export const digestTables = async (databaseUrl: string): Promise<Record<string, string>> => {
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const { rows } = await client.query<{ name: string }>(TABLES);
    const digests: Record<string, string> = {};
    for (const { name } of rows) {
      const { rows: digest } = await client.query<{ digest: string }>(
        `select count(*) || ' rows ' || md5(coalesce(string_agg(t::text, ';' order by t::text), ''))
           as digest from ${name} t`,
      );
      digests[name] = String(digest[0]?.digest);
    }
    return digests;
  } finally {
    await client.end();
  }
};
