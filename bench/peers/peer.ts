import type { Operation, PeerName, Shop, Turn } from '../scenario.ts';
import { productOf } from '../scenario.ts';

/** A filled shop of a peer, as the load sees it. */
export interface PeerShop extends Pick<Shop, 'url' | 'productIds'> {
  /** The number of e-mail addresses that buy. */
  readonly buyers: number;
  /** Ids and keys that the requests name, by the columns of `idsSql`. */
  readonly ids: Readonly<Record<string, string>>;
}

/** Another commerce back end: how it is built, filled and started, and how one orders from it. */
export interface Peer {
  readonly name: PeerName;
  /** The package whose version is shown. */
  readonly package: string;
  /** The folder below this one with its package.json and its programs. */
  readonly folder: string;
  readonly environment: Readonly<Record<string, string>>;
  /** Programs that run once after the installation, with their arguments. */
  readonly build: readonly (readonly string[])[];
  /** Programs that fill an empty database with products, each with so much stock. */
  readonly fill: (products: number, stock: number) => readonly (readonly string[])[];
  readonly serve: (port: number) => readonly string[];
  /** Where the programs run; the installation itself when undefined. */
  readonly serveFrom?: string;
  /** Answers ids that are orderable, one for each product, as `id`. */
  readonly productsSql: string;
  /** Answers one row, the `ids` of the shop. */
  readonly idsSql: string;
  /** Answers `ordered` and `available` units of each product, as numbers. */
  readonly stockSql: string;
  readonly requestsPerOrder: number;
  /** The requests of one paid order, a guest's with one unit of one product. */
  readonly order: (shop: PeerShop, email: string, productId: string) => Operation;
  /** What it does for an order that Moa does not. */
  readonly also: string;
}

/** The scenarios of the comparison; Moa runs those of the same names in bench/scenarios. */
export const PEER_SCENARIOS = ['checkout-spread', 'hot-product'] as const;
export type PeerScenario = (typeof PEER_SCENARIOS)[number];

/** Has no common factor with the number of buyers, so all of them buy. */
const BUYER_STEP = 389;

/** The order of a turn: buyers evenly, and all products or one. */
export const beginOrder =
  ({ order }: Peer, shop: PeerShop, scenario: PeerScenario) =>
  ({ count }: Turn): Operation => {
    const email = `buyer-${(count * BUYER_STEP) % shop.buyers}@example.com`;
    return order(shop, email, productOf(shop, scenario === 'hot-product' ? 0 : count));
  };

/** A request of the store API with a JSON body. */
export const post = (
  path: string,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): string => {
  const json = JSON.stringify(body);
  const more = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return (
    `POST ${path} HTTP/1.1\r\nhost: peer\r\n${more.join('')}content-type: application/json\r\n` +
    `content-length: ${json.length}\r\n\r\n${json}`
  );
};
