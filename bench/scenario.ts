import { randomUUID } from 'node:crypto';
import type { WireRequest } from './wire.ts';

/** A shop with users who can pay and products with enough stock, as the load sees it. */
export interface Shop {
  readonly url: string;
  readonly tokens: Readonly<Record<'service' | 'staff', string>>;
  /** The number of users; their ids are `user-0`, `user-1` and so on. */
  readonly users: number;
  readonly productIds: readonly string[];
}

/** A request, and the answer that counts as a success. */
export interface Step {
  readonly request: WireRequest;
  readonly status: number;
  /** Whether the body says so too; not asked when undefined. */
  readonly accepts?: (body: string) => boolean;
}

/** What one caller does: each step is sent when the step before is answered. */
export type Operation = Generator<Step, void, string>;

/** The turn of an operation: how many began before it, and on which connection it is sent. */
export interface Turn {
  readonly count: number;
  readonly connection: number;
}

/** Something that goes on in the load process beside the operations; it reports figures. */
export interface Beside {
  /** Called when an operation is answered. */
  readonly onOperation: () => void;
  readonly stop: () => Readonly<Record<string, number>>;
}

/** The other programs that run the same load in the same run. */
export type Baseline =
  | 'batches of one'
  | 'bare Fastify'
  | 'without HTTP'
  | 'pgbench'
  | 'bare insert';

/** The other commerce back ends of `npm run bench:peers`. */
export type PeerName = 'Medusa' | 'Vendure';

/** The service on a shop of a size, in `npm run bench:growth`. */
export type SizeName = `${string} orders, ${string} products`;

/** The service, a baseline, a peer, a revision in a comparison, or a size. */
export type SubjectName = 'service' | Baseline | PeerName | `revision ${string}` | SizeName;

export interface Scenario {
  readonly title: string;
  /** What one operation is, in the singular. */
  readonly operation: string;
  /** What `connections` counts; connections by default. */
  readonly counted?: string;
  /** The numbers of connections at which it is measured. */
  readonly connections: readonly number[];
  readonly baselines: readonly Baseline[];
  /** Whether the shop has the history of `npm run seed` instead of users and products alone. */
  readonly history?: boolean;
  /** Returns the operation of each turn. */
  readonly begin: (shop: Shop) => (turn: Turn) => Operation;
  /** Connections of the operations when `connections` counts something else, such as streams. */
  readonly callers?: number;
  /**
   * Whether operations of one step arrive at a fixed rate. `connections` counts per cent of the rate
   * that `callers` reach when each waits for its answer, which is measured at 100 and at first.
   */
  readonly arrives?: boolean;
  readonly beside?: (shop: Shop, connections: number) => Promise<Beside>;
  /**
   * Measures other work than operations: prepares it, untimed, and returns the work, which returns
   * the number of operations.
   */
  readonly prepareWork?: (shop: Shop, seconds: number) => Promise<() => Promise<number>>;
}

/** Makes idempotency keys unique over all processes of a run. */
const RUN = randomUUID();
let keys = 0;

/** A request without a body. */
export const get = (path: string, token?: string): WireRequest =>
  `GET ${path} HTTP/1.1\r\nhost: moa\r\n${authorization(token)}\r\n`;

/** A request with a body and a new idempotency key. */
export const send = (
  method: 'POST' | 'PUT' | 'PATCH',
  path: string,
  token: string,
  body: string,
): WireRequest =>
  `${method} ${path} HTTP/1.1\r\nhost: moa\r\n${authorization(token)}` +
  `idempotency-key: ${RUN}-${++keys}\r\ncontent-type: application/json\r\n` +
  `content-length: ${body.length}\r\n\r\n${body}`;

const authorization = (token: string | undefined): string =>
  token === undefined ? '' : `authorization: Bearer ${token}\r\n`;

/** Steps without a common factor with the number of users or products visit all of them evenly. */
const USER_STEP = 389;
const PRODUCT_STEP = 617;

/** The user of a turn: all users evenly. */
export const userOf = ({ users }: Shop, count: number): string =>
  `user-${(count * USER_STEP) % users}`;

/** The product of a turn: all products evenly. */
export const productOf = ({ productIds }: Pick<Shop, 'productIds'>, count: number): string =>
  productIds[(count * PRODUCT_STEP) % productIds.length] ?? '';

/** The body of an order of one unit of each product. */
export const orderBody = (userId: string, productIds: readonly string[]): string => {
  const items = productIds.map((each) => `{"productId":"${each}","quantity":1}`).join(',');
  return `{"userId":"${userId}","items":[${items}]}`;
};

/** Orders and pays in one step. */
export const checkout = (shop: Shop, userId: string, productIds: readonly string[]): Step => ({
  request: send('POST', '/v1/checkout', shop.tokens.service, orderBody(userId, productIds)),
  status: 201,
});
