import type { EventSink } from '../contract/index.ts';

/** The topics of a stream that come from the journal. */
export interface JournalTopics {
  readonly productIds: readonly string[];
  /** The owner of the orders. */
  readonly ordersOf: string | undefined;
  /** The owner of the wallet. */
  readonly walletOf: string | undefined;
}

/** An open stream. */
export interface Member extends JournalTopics {
  readonly sink: EventSink;
  /** Whether the stream has got the current state of what it follows, and now gets the changes. */
  isCurrent: boolean;
  /** The position up to which the client knows the changes of its orders. */
  after: number | undefined;
}

/** The streams that follow one product or user. */
export interface Followed {
  readonly members: Set<Member>;
  /** The state that every stream has, as JSON; undefined when they may differ. */
  shown: string | undefined;
}

/** The open streams by what they follow. */
const createIndex = () => {
  const followed = new Map<string, Followed>();
  return {
    has: (key: string): boolean => followed.has(key),
    find: (key: string): Followed | undefined => followed.get(key),
    size: (): number => followed.size,
    keys: (): string[] => [...followed.keys()],
    add: (key: string, member: Member): void => {
      const known = followed.get(key);
      if (known === undefined) followed.set(key, { members: new Set([member]), shown: undefined });
      else known.members.add(member);
    },
    remove: (key: string, member: Member): void => {
      const members = followed.get(key)?.members;
      members?.delete(member);
      if (members?.size === 0) followed.delete(key);
    },
  };
};

export type Index = ReturnType<typeof createIndex>;

/** The open streams of a process, by product and by user, and those without a current state. */
export const createMembers = () => {
  const all = new Set<Member>();
  const waiting = new Set<Member>();
  const indexes = { products: createIndex(), orders: createIndex(), wallets: createIndex() };
  const keysOf = ({
    productIds,
    ordersOf,
    walletOf,
  }: JournalTopics): (readonly [Index, string])[] => [
    ...productIds.map((productId) => [indexes.products, productId] as const),
    ...(ordersOf === undefined ? [] : [[indexes.orders, ordersOf] as const]),
    ...(walletOf === undefined ? [] : [[indexes.wallets, walletOf] as const]),
  ];
  return {
    ...indexes,
    all: all as ReadonlySet<Member>,
    waiting: waiting as ReadonlySet<Member>,
    add: (member: Member): void => {
      all.add(member);
      waiting.add(member);
      for (const [index, key] of keysOf(member)) index.add(key, member);
    },
    remove: (member: Member): void => {
      all.delete(member);
      waiting.delete(member);
      for (const [index, key] of keysOf(member)) index.remove(key, member);
    },
    /** The stream has got the current state. */
    admit: (member: Member): void => {
      member.isCurrent = true;
      waiting.delete(member);
    },
    /** Every stream gets the current state again. */
    restart: (): void => {
      for (const member of all) {
        member.isCurrent = false;
        member.after = undefined;
        waiting.add(member);
      }
    },
  };
};

export type Members = ReturnType<typeof createMembers>;
