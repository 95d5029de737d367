import type { Queryable } from '../database/statement.ts';
import type { JournalReader } from '../journal/index.ts';
import { createFrame, idOf } from './frame.ts';
import type { Followed, Index, Member, Members } from './members.ts';
import type { Bundles } from './bundles.ts';
import { createOutgoing, type Outgoing } from './outgoing.ts';
import { putOrders } from './put-orders.ts';
import { createStateReader, type State } from './states.ts';
import { NOTHING_TOUCHED, readStep, type Step } from './step.ts';

export interface FollowerOptions {
  readonly db: Queryable;
  readonly reader: Pick<JournalReader, 'read' | 'findDecided'>;
  readonly currency: string;
}

export interface Follower {
  /**
   * Puts the current state for some new streams and, with `isDue`, what has changed for the others.
   * Returns whether more new streams are waiting.
   */
  readonly follow: (isDue: boolean) => Promise<boolean>;
}

/** New streams of a round: each may follow 100 products. */
const NEWCOMERS_MAX = 100;
/** How often quiet streams get the position, so that few events follow the last id. */
const TICK_EVERY_MS = 15_000;

/** The state that every stream has after a round; undefined when they have different states. */
const shownAfter = (
  { shown, members }: Followed,
  json: string,
  { newcomers, isDue }: { readonly newcomers: ReadonlySet<Member>; readonly isDue: boolean },
): string | undefined => {
  const isSame = isDue || shown === json || [...members].every((each) => newcomers.has(each));
  return isSame ? json : undefined;
};

/**
 * Puts all states for the new streams and, when a round is due, changed states for the others. A
 * round that is not due sends the others nothing: the changes that it read stay for the due round.
 */
const putStates = (
  outgoing: Outgoing,
  event: 'stock' | 'wallet',
  states: readonly State[],
  {
    index,
    newcomers,
    isDue,
  }: {
    readonly index: Index;
    readonly newcomers: ReadonlySet<Member>;
    readonly isDue: boolean;
  },
): void => {
  for (const { key, json } of states) {
    const followed = index.find(key);
    if (followed === undefined) continue;
    const isNew = isDue && followed.shown !== json;
    followed.shown = shownAfter(followed, json, { newcomers, isDue });
    const frame = createFrame(event, json);
    for (const member of followed.members) {
      if (newcomers.has(member) || (isNew && member.isCurrent)) outgoing.put(member, frame);
    }
  }
};

/**
 * Follows the journal for all streams of a process. A round reads the decided events, then the
 * current state of what they touched, and encodes each state once. A state is read after the
 * event, and rounds follow one another, so no stream ever gets an older state after a newer one.
 */
export const createFollower = (
  members: Members,
  bundles: Bundles,
  { db, reader, currency }: FollowerOptions,
): Follower => {
  const readStates = createStateReader(db, currency);
  let position: number | undefined;
  let tickedAt = performance.now();

  const tick = (id: string): void => {
    tickedAt = performance.now();
    const bytes = Buffer.from(`id: ${id}\n\n`);
    for (const { sink, isCurrent } of members.all) if (isCurrent) bundles.put(sink, bytes);
  };

  /** A client that was at another process may know a later position. */
  const isBehind = (known: number): boolean =>
    [...members.waiting].some(({ after = 0 }) => after > known);

  const findStep = async (isDue: boolean): Promise<Step> =>
    position === undefined || isDue
      ? readStep({ reader, db, members }, position)
      : { position, touched: NOTHING_TOUCHED, isJump: false };

  return {
    follow: async (isAsked) => {
      if (members.all.size === 0) {
        position = undefined;
        return false;
      }
      const isDue = isAsked || position === undefined || isBehind(position);
      const step = await findStep(isDue);
      if (step.isJump) members.restart();
      const newcomers = [...members.waiting].slice(0, NEWCOMERS_MAX);
      const { position: upTo, touched } = step;
      const states = await readStates({ members, newcomers, touched, position: upTo });
      const outgoing = createOutgoing(bundles);
      const to = { newcomers: new Set(newcomers), isDue };
      putStates(outgoing, 'stock', states.stocks, { ...to, index: members.products });
      putStates(outgoing, 'wallet', states.wallets, { ...to, index: members.wallets });
      putOrders(outgoing, states, { members, newcomers });
      outgoing.send(idOf(step.position));
      for (const member of newcomers) members.admit(member);
      position = step.position;
      if (performance.now() - tickedAt > TICK_EVERY_MS) tick(idOf(position));
      return members.waiting.size > 0;
    },
  };
};
