import { v7 } from 'uuid';
import { onTestFinished } from 'vitest';
import type { Reply } from '../../src/contract/index.ts';
import { startSystem, type System, type SystemOptions } from '../../src/system.ts';
import { createTestDatabase } from './database.ts';
import { queryColumn } from './queries.ts';
import { SECRET } from './receiver.ts';
import { TEST_SETTINGS } from './settings.ts';
import { waitUntil } from './wait.ts';

type Fields = Readonly<Record<string, unknown>>;

interface Input {
  readonly params?: Fields;
  readonly query?: Fields;
  readonly body?: Fields;
}

/** A whole system that is called without HTTP, with a user with enough balance. */
export interface DeliveryShop {
  readonly url: string;
  readonly system: System;
  readonly call: (operation: string, input?: Input) => Promise<Reply>;
  /** The body of an answer; throws for a problem. */
  readonly ask: (operation: string, input?: Input) => Promise<Record<string, unknown>>;
  /** Places paid orders one after the other and returns their ids. */
  readonly buy: (count: number) => Promise<string[]>;
  /** Creates a webhook destination and returns its id. */
  readonly addWebhook: (url: string, body?: Fields) => Promise<string>;
  readonly status: (destinationId: string) => Promise<Record<string, unknown>>;
}

/** Short pauses, so that tests do not wait. */
const RETRY = { firstMs: 20, mostMs: 200 };

/** Starts a system on a new database, or on the database of another shop. */
export const openDeliveryShop = async (
  databaseUrl?: string,
  delivery: SystemOptions['delivery'] = {},
  onBackgroundFault: (error: unknown) => void = () => undefined,
): Promise<DeliveryShop> => {
  const url = databaseUrl ?? (await createTestDatabase());
  const options = {
    delivery: { allowPrivate: true, retry: RETRY, ...delivery },
    onBackgroundFault,
  };
  const system = startSystem(url, TEST_SETTINGS, options);
  onTestFinished(system.close);

  const call: DeliveryShop['call'] = (operation, { params = {}, query = {}, body = {} } = {}) => {
    const route = system.routes.find((each) => each.operation === operation);
    if (route === undefined) throw new Error(`no operation ${operation}`);
    const caller = { role: 'staff', userId: 'staff' } as const;
    return route.handle({ params, query, body, caller, idempotencyKey: v7() });
  };
  const ask: DeliveryShop['ask'] = async (operation, input) => {
    const reply = await call(operation, input);
    if (reply.kind === 'problem') throw new Error(`${operation}: ${JSON.stringify(reply)}`);
    const { body } = reply;
    // JSON, as over HTTP.
    return JSON.parse(typeof body === 'string' ? body || '{}' : JSON.stringify(body)) as Fields;
  };

  const userId = v7();
  await ask('putUser', { params: { userId }, body: {} });
  await ask('chargeWallet', { params: { userId }, body: { amount: 2_000_000 } });
  const product = await ask('createProduct', { body: { name: 'Mug', price: 1, stock: 1_000_000 } });
  const { productId } = product;
  return {
    url,
    system,
    call,
    ask,
    buy: async (count) => {
      const ids: string[] = [];
      for (let index = 0; index < count; index++) {
        const items = [{ productId, quantity: 1 }];
        ids.push(String((await ask('checkout', { body: { userId, items } }))['orderId']));
      }
      return ids;
    },
    addWebhook: async (to, body = {}) => {
      const made = { name: 'platform', kind: 'webhook', url: to, secret: SECRET, ...body };
      return String((await ask('createDestination', { body: made }))['destinationId']);
    },
    status: (destinationId) => ask('getDestinationStatus', { params: { destinationId } }),
  };
};

/**
 * Waits until every subscriber and destination has read the last event. The report and the best
 * sellers read at once what they lack when they are asked, instead of at their next turn.
 */
export const untilAllRead = (shop: DeliveryShop): Promise<void> =>
  waitUntil(async () => {
    await shop.ask('getSalesReport', { query: { from: '2026-01-01', to: '2026-01-02' } });
    await shop.ask('listBestSellers');
    const [behind] = await queryColumn(
      shop.url,
      `select count(*) from (
        select position from journal.cursors union all select position from delivery.progress
      ) as s
      where position < (select max(position) from journal.events)`,
    );
    return behind === '0';
  }, 'every subscriber and destination at the end');
