import type { Queryable } from '../database/statement.ts';
import type { JournalReader } from '../journal/index.ts';
import type { OutgoingEvent, ReceiverAnswer } from './channel.ts';
import type { ToCloudEvent } from './events/cloud-event.ts';
import {
  changeDeadLetter,
  deleteDeadLetters,
  deleteReplay,
  findReplay,
  insertDeadLetter,
  moveProgress,
  moveReplay,
  readDueDeadLetters,
  readOutgoing,
  readReplay,
  recordDelivery,
} from './queries.gen.ts';

/** The events that a relay sends in one request. */
export interface EventSlice {
  readonly events: readonly OutgoingEvent[];
  /** The position up to which `events` has every event that the destination wants. */
  readonly upTo: number;
  /** Whether the source may have more events now. */
  readonly more: boolean;
}

/** A sequence of events for a destination; each source records its own progress. */
export interface Source {
  /** The next events, at most `limit`; undefined when there are none. */
  readonly next: (limit: number) => Promise<EventSlice | undefined>;
  /** Advances past a delivered slice or its first events, and records that with the answer. */
  readonly advance: (
    slice: Pick<EventSlice, 'events' | 'upTo'>,
    answer?: ReceiverAnswer,
  ) => Promise<void>;
  /** Records an event as a dead letter and advances past it. */
  readonly recordDeadLetter: (event: OutgoingEvent, refusal: Refusal) => Promise<void>;
}

/** Why an event is given up: the last answer, and the number of refusals of the event alone. */
interface Refusal {
  readonly detail: string;
  readonly attempts: number;
  readonly answer: ReceiverAnswer | undefined;
}

/** The columns of an answer. */
export const columnsOf = (
  answer: ReceiverAnswer | undefined,
): { readonly status: number | null; readonly body: string | null } => ({
  status: answer?.status ?? null,
  body: answer?.body ?? null,
});

/** The columns of a dead letter. */
const letterOf = ({ position }: OutgoingEvent, { detail, attempts, answer }: Refusal) => ({
  position,
  detail,
  attempts,
  ...columnsOf(answer),
});

/** The columns of a delivered request. */
const deliveryOf = (events: readonly OutgoingEvent[], answer: ReceiverAnswer | undefined) => ({
  delivered: events.length,
  eventId: events[0]?.id ?? null,
  ...columnsOf(answer),
});

interface SourceOptions {
  readonly destinationId: string;
  /** The version of the destination; a source reads no events of another version. */
  readonly version: number;
  /** Types as the journal names them. */
  readonly types: readonly string[];
  readonly toCloudEvent: ToCloudEvent;
  readonly reads: Queryable;
  /** Writes only while this process holds the lease of the destination. */
  readonly writes: Queryable;
}

/** Positions per scan for the few events that a destination may want. */
const SCAN_MAX = 50_000;

/** Below the usual size limit of receivers; a single larger event is sent alone. */
const BYTES_MAX = 1_000_000;

/**
 * The first events, at most `limit` and `BYTES_MAX`, and the position up to which they are
 * complete.
 */
const sliceOf = (found: readonly OutgoingEvent[], limit: number, upTo: number): EventSlice => {
  let bytes = 0;
  const over = found.findIndex(
    ({ json }, index) => (bytes += Buffer.byteLength(json)) > BYTES_MAX && index > 0,
  );
  const events = over === -1 ? found : found.slice(0, over);
  const isAll = events.length === found.length && found.length < limit;
  return { events, upTo: isAll ? upTo : (events.at(-1)?.position ?? upTo), more: !isAll };
};

/** A destination's position, and the number of events of any type that were seen up to it. */
export interface Progress {
  readonly position: number;
  readonly seen: number;
}

/** New events in the order of the journal. Advances past an event that becomes a dead letter. */
export const createLiveSource = (
  { destinationId, version, types, toCloudEvent, reads, writes }: SourceOptions,
  reader: JournalReader,
  begin: Progress,
): Source => {
  let { position, seen } = begin;
  /** The number of seen events at each position where the next slice may end. */
  let seenUpTo = new Map<number, number>();
  const progressAt = (upTo: number): Progress => ({
    position: upTo,
    seen: seenUpTo.get(upTo) ?? seen,
  });
  const moveTo = (progress: Progress): void => {
    ({ position, seen } = progress);
  };
  return {
    next: async (limit) => {
      const decided = await reader.findDecided(position);
      if (decided <= position) return undefined;
      const upTo = Math.min(decided, position + SCAN_MAX);
      const range = { after: position, upTo, types, limit };
      const rows = await readOutgoing(reads, { destinationId, version, ...range });
      seenUpTo = new Map([
        [upTo, seen + (rows.at(-1)?.ordinal ?? 0)],
        ...rows.map((row) => [row.position, seen + row.ordinal] as const),
      ]);
      const wanted = rows.filter(({ isWanted }) => isWanted);
      const slice = sliceOf(wanted.map(toCloudEvent), limit, upTo);
      return { ...slice, more: slice.more || upTo < decided };
    },
    advance: async ({ events, upTo }, answer) => {
      const progress = progressAt(upTo);
      const moved = { destinationId, ...progress };
      if (events.length === 0) await moveProgress(writes, moved);
      else await recordDelivery(writes, { ...moved, ...deliveryOf(events, answer) });
      moveTo(progress);
    },
    recordDeadLetter: async (event, refusal) => {
      const progress = progressAt(event.position);
      await insertDeadLetter(writes, { destinationId, ...letterOf(event, refusal) });
      await moveProgress(writes, { destinationId, ...progress });
      moveTo(progress);
    },
  };
};

/** A replay does not move the progress. */
const UNMOVED = { position: null, seen: null };

/** The events of a time range that staff asked to send again; the oldest request first. */
export const createReplaySource = (options: SourceOptions): Source => {
  const { destinationId, version, types, toCloudEvent, reads, writes } = options;
  let replayId = '';
  let end = 0;
  const move = async (position: number): Promise<void> => {
    if (position < end) await moveReplay(writes, { destinationId, replayId, position });
    else await deleteReplay(writes, { destinationId, replayId });
  };
  return {
    next: async (limit) => {
      const replay = await findReplay(reads, { destinationId });
      if (replay === undefined) return undefined;
      ({ replayId, upTo: end } = replay);
      const { position: after, fromTime, toTime } = replay;
      const upTo = Math.min(end, after + SCAN_MAX);
      const range = { after, upTo, types, fromTime, toTime, limit };
      const rows = await readReplay(reads, { destinationId, version, ...range });
      return { ...sliceOf(rows.map(toCloudEvent), limit, upTo), more: true };
    },
    advance: async ({ events, upTo }, answer) => {
      if (events.length > 0) {
        const delivery = deliveryOf(events, answer);
        await recordDelivery(writes, { destinationId, ...UNMOVED, ...delivery });
      }
      await move(upTo);
    },
    recordDeadLetter: async (event, refusal) => {
      await insertDeadLetter(writes, { destinationId, ...letterOf(event, refusal) });
      await move(event.position);
    },
  };
};

/** Dead letters that staff asked to send again. */
export const createDeadLetterSource = (options: SourceOptions): Source => {
  const { destinationId, version, toCloudEvent, reads, writes } = options;
  return {
    next: async (limit) => {
      const rows = await readDueDeadLetters(reads, { destinationId, version, limit });
      if (rows.length === 0) return undefined;
      const slice = sliceOf(rows.map(toCloudEvent), limit, rows.at(-1)?.position ?? 0);
      return { ...slice, more: true };
    },
    advance: async ({ events }, answer) => {
      const positions = events.map(({ position }) => position);
      await deleteDeadLetters(writes, { destinationId, positions });
      const delivery = deliveryOf(events, answer);
      await recordDelivery(writes, { destinationId, ...UNMOVED, ...delivery });
    },
    // Changes only an existing dead letter: staff may have deleted it meanwhile.
    recordDeadLetter: async (event, refusal) => {
      await changeDeadLetter(writes, { destinationId, ...letterOf(event, refusal) });
    },
  };
};
