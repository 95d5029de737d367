import { Type, type Static } from 'typebox';
import { findStocks } from '../catalog/index.ts';
import {
  UUID,
  defineRoute,
  invalid,
  problem,
  strictObject,
  type Caller,
  type EventSink,
  type Reply,
  type Role,
  type Route,
} from '../contract/index.ts';
import { createRowLoader } from '../database/loader.ts';
import type { Queryable } from '../database/statement.ts';
import { DESCRIPTION, EventStream } from './description.ts';
import { positionOf } from './frame.ts';
import type { Hub } from './hub.ts';

/** A row of products on a page. */
const PRODUCTS_MAX = 100;
const TOPICS = ['best-sellers', 'orders', 'wallet', 'operations'] as const;
const TOPIC = TOPICS.join('|');

type Topic = (typeof TOPICS)[number];

/** The topic of a request that names neither topics nor products. */
const DEFAULT_TOPIC: Topic = 'best-sellers';

/** The topics that are not in the journal. */
type WatchedTopic = Extract<Topic, 'best-sellers' | 'operations'>;

/** The role of private topics. */
const ROLE_OF: Partial<Record<Topic, Role>> = {
  orders: 'customer',
  wallet: 'customer',
  operations: 'staff',
};

const Query = strictObject({
  products: Type.Optional(
    Type.String({
      pattern: `^${UUID}(?:,${UUID}){0,${PRODUCTS_MAX - 1}}$`,
      description: 'ids of products, separated by commas',
    }),
  ),
  topics: Type.Optional(
    Type.String({
      pattern: `^(?:${TOPIC})(?:,(?:${TOPIC})){0,${TOPICS.length - 1}}$`,
      description:
        `topics, separated by commas: ${TOPICS.join(', ')}; ` +
        `without \`topics\` and \`products\`, ${DEFAULT_TOPIC}`,
    }),
  ),
  lastEventId: Type.Optional(
    Type.String({
      pattern: String.raw`^\d{1,19}$`,
      description: 'stands for `Last-Event-ID`, for clients that cannot set it',
    }),
  ),
});

const partsOf = (list: string | undefined): string[] => [...new Set(list?.split(','))];

/** Undefined if the caller may read the topics, else the refusal. */
const refusalOf = (topics: readonly Topic[], caller: Caller | undefined): Reply | undefined => {
  const roles = topics.flatMap((topic) => ROLE_OF[topic] ?? []);
  if (roles.length > 0 && caller === undefined) return problem({ code: 'unauthenticated' });
  return roles.some((role) => role !== caller?.role) ? problem({ code: 'forbidden' }) : undefined;
};

/** The position that the client names, `none`, or what is invalid. */
const findPosition = (
  { lastEventId }: Static<typeof Query>,
  header: string | undefined,
): { readonly after: number | undefined } | Reply => {
  const id = header ?? lastEventId;
  if (id === undefined) return { after: undefined };
  const after = positionOf(id);
  if (after !== undefined) return { after };
  const pointer = header === undefined ? '/query/lastEventId' : '/headers/last-event-id';
  return invalid(pointer, 'must be the id of an event of this stream');
};

/** The stream of events for browsers. */
export const streamRoutes = (db: Queryable, hub: Hub<WatchedTopic>): Route[] => {
  const findStock = createRowLoader(
    (productIds) => findStocks(db, { productIds }),
    ({ productId }) => productId,
  );
  const findUnknown = async (productIds: readonly string[]): Promise<string[]> => {
    const found = await Promise.all(productIds.map(findStock));
    return productIds.filter((_, index) => found[index] === undefined);
  };

  return [
    defineRoute({
      method: 'GET',
      path: '/v1/stream',
      operation: 'streamEvents',
      summary: 'Follow stock, best sellers, orders and the balance as server-sent events',
      description: DESCRIPTION,
      tag: 'Stream',
      access: 'public',
      identifies: true,
      streams: true,
      query: Query,
      answers: { 200: EventStream },
      problems: ['unauthenticated', 'forbidden', 'product_not_found'],
      handle: async ({ query, caller, lastEventId }) => {
        const { products } = query;
        const { topics: wanted = products === undefined ? DEFAULT_TOPIC : undefined } = query;
        const topics = partsOf(wanted) as Topic[];
        const productIds = partsOf(products);
        const refusal = refusalOf(topics, caller);
        if (refusal !== undefined) return refusal;
        const place = findPosition(query, lastEventId);
        if ('kind' in place) return place;
        const unknown = await findUnknown(productIds);
        if (unknown.length > 0) {
          return problem({ code: 'product_not_found', members: { productIds: unknown } });
        }
        const ofCaller = (topic: Topic) => (topics.includes(topic) ? caller?.userId : undefined);
        const journalTopics = {
          productIds,
          ordersOf: ofCaller('orders'),
          walletOf: ofCaller('wallet'),
        };
        const watched = (['best-sellers', 'operations'] as const).filter((topic) =>
          topics.includes(topic),
        );
        const subscription = { journalTopics, after: place.after, watched };
        const stream = (sink: EventSink) => hub.join(subscription, sink);
        return { kind: 'answer', status: 200, body: '', stream };
      },
    }),
  ];
};
