import { startLoop, type Loop } from '../database/loop.ts';
import type { Queryable } from '../database/statement.ts';
import type { JournalReader } from '../journal/index.ts';
import { createFrame, idOf, type Frame } from './frame.ts';
import type { Index, Member, Members } from './members.ts';
import { createStateReader, isResumable, type State, type States } from './states.ts';
import { touchedBy } from './touched.ts';

export interface FollowerOptions {
  readonly db: Queryable;
  readonly reader: Pick<JournalReader, 'read' | 'findDecided'>;
  readonly currency: string;
  readonly onFault: (error: unknown) => void;
}

/**
 * A buyer sees a change within a second. More often, a thousand streams beside full load would take
 * a fifth of the orders.
 */
const ROUND_EVERY_MS = 1_000;
/** Events of a round. */
const EVENTS_MAX = 1_000;
/** New streams of a round: each may follow 100 products. */
const NEWCOMERS_MAX = 100;
/** Beyond this many positions it is faster to read all that is followed than the events. */
const BEHIND_MAX = 50_000;
/** How often quiet streams get the position, so that few events follow the last id. */
const TICK_EVERY_MS = 15_000;

interface Step {
  readonly position: number;
  readonly events: Awaited<ReturnType<JournalReader['read']>>;
  /** Whether events were skipped, so every stream needs the current state. */
  readonly isJump: boolean;
}

const readStep = async (
  reader: FollowerOptions['reader'],
  position: number | undefined,
): Promise<Step> => {
  const decided = await reader.findDecided(position ?? Number.MAX_SAFE_INTEGER);
  if (position === undefined) return { position: decided, events: [], isJump: false };
  // An older copy of the database was restored, or there are too many events.
  const isJump = decided < position || decided - position > BEHIND_MAX;
  if (isJump) return { position: decided, events: [], isJump };
  const events = decided === position ? [] : await reader.read(position, EVENTS_MAX);
  const last = events.at(-1)?.position ?? position;
  const next = events.length === EVENTS_MAX ? last : Math.max(last, decided);
  return { position: next, events, isJump };
};

/** Collects the frames of each stream, so that the last one can have the id. */
const createOutgoing = () => {
  const frames = new Map<Member, Frame[]>();
  return {
    put: (member: Member, frame: Frame): void => {
      const others = frames.get(member);
      if (others === undefined) frames.set(member, [frame]);
      else others.push(frame);
    },
    send: (id: string): void => {
      for (const [{ sink }, list] of frames) {
        for (const frame of list.slice(0, -1)) sink.send(frame.encode(undefined));
        const last = list.at(-1);
        if (last !== undefined) sink.send(last.encode(id));
      }
    },
  };
};

type Outgoing = ReturnType<typeof createOutgoing>;

/** Puts each order that a new stream missed, and then its newest orders. */
const putOrders = (
  outgoing: Outgoing,
  { orders, newest, missed }: States,
  { members, newcomers, position }: Round,
): void => {
  for (const { userId, json } of orders) {
    const frame = createFrame('order', json);
    for (const member of members.orders.find(userId)?.members ?? []) {
      if (member.isCurrent) outgoing.put(member, frame);
    }
  }
  for (const member of newcomers) {
    const { ordersOf } = member;
    if (ordersOf === undefined) continue;
    const resumed = isResumable(member, position);
    const items = newest.get(ordersOf) ?? [];
    const shown = new Set(items.map(({ key }) => key));
    for (const order of resumed ? missed : []) {
      const isMissed = order.userId === ordersOf && order.position > (member.after ?? 0);
      if (isMissed && !shown.has(order.key)) outgoing.put(member, createFrame('order', order.json));
    }
    const list = items.map(({ json }) => json).join(',');
    outgoing.put(member, createFrame('orders', `{"items":[${list}],"resumed":${resumed}}`));
  }
};

interface Round {
  readonly members: Members;
  readonly newcomers: readonly Member[];
  readonly position: number;
}

/** Puts changed states for every stream, and all states for the new ones. */
const putStates = (
  outgoing: Outgoing,
  event: 'stock' | 'wallet',
  states: readonly State[],
  { index, newcomers }: { readonly index: Index; readonly newcomers: ReadonlySet<Member> },
): void => {
  for (const { key, json } of states) {
    const followed = index.find(key);
    if (followed === undefined) continue;
    const isNew = followed.shown !== json;
    followed.shown = json;
    const frame = createFrame(event, json);
    for (const member of followed.members) {
      if (newcomers.has(member) || (isNew && member.isCurrent)) outgoing.put(member, frame);
    }
  }
};

/**
 * Follows the journal for all streams of a process. A round reads the decided events, then the
 * current state of what they touched, and sends each state once encoded. A state is read after the
 * event, and rounds follow one another, so no stream ever gets an older state after a newer one.
 */
export const startFollower = (
  members: Members,
  { db, reader, currency, onFault }: FollowerOptions,
): Loop => {
  const readStates = createStateReader(db, currency);
  let position: number | undefined;
  let tickedAt = performance.now();

  const tick = (id: string): void => {
    tickedAt = performance.now();
    const bytes = Buffer.from(`id: ${id}\n\n`);
    for (const { sink, isCurrent } of members.all) if (isCurrent) sink.send(bytes);
  };

  const runOnce = async (): Promise<boolean> => {
    const step = await readStep(reader, position);
    if (step.isJump) members.restart();
    const newcomers = [...members.waiting].slice(0, NEWCOMERS_MAX);
    const round = { members, newcomers, position: step.position };
    const states = await readStates({ ...round, touched: touchedBy(step.events) });
    const outgoing = createOutgoing();
    const arrived = new Set(newcomers);
    putStates(outgoing, 'stock', states.stocks, { index: members.products, newcomers: arrived });
    putStates(outgoing, 'wallet', states.wallets, { index: members.wallets, newcomers: arrived });
    putOrders(outgoing, states, round);
    outgoing.send(idOf(step.position));
    for (const member of newcomers) members.admit(member);
    position = step.position;
    if (performance.now() - tickedAt > TICK_EVERY_MS) tick(idOf(position));
    return step.events.length === EVENTS_MAX || members.waiting.size > 0;
  };

  return startLoop({ runOnce, everyMs: ROUND_EVERY_MS, onFault });
};
