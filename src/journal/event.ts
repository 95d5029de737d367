import type { Log, WritableRows } from '../commit/index.ts';
import { newId } from '../database/ids.ts';
import { insertEvents, insertTraces } from './queries.gen.ts';

/** Data that JSON preserves; excludes `Date`, which JSON turns into text. */
type Json<Data> = Data extends Date
  ? never
  : Data extends object
    ? { readonly [Name in keyof Data]: Json<Data[Name]> }
    : Data;

/** Something that happened, in the past tense and versioned: `order.paid.v1`. */
export interface Event<Type extends string = string, Data extends object = object> {
  readonly type: Type;
  /** The id of the order, the wallet's user or the product that it happened to. */
  readonly subject: string;
  /** The decider's data, unchanged in the journal; times are text (RFC 3339). */
  readonly data: Json<Data>;
}

/** An event with its id and time, which are the same in every delivery. */
export type RecordedEvent<E extends Event = Event> = E & {
  readonly eventId: string;
  readonly time: Date;
};

/** The log of all events. */
export const journal: Log<RecordedEvent> = {
  name: 'journal.events',
  append: (db, events) =>
    insertEvents(
      db,
      events.map((event) => ({ ...event, data: JSON.stringify(event.data) })),
    ),
};

/** The request that has caused an event, by the `traceparent` of its span (W3C Trace Context). */
interface EventTrace {
  readonly eventId: string;
  readonly traceparent: string;
}

/** The log of the traced events' requests. */
const traces: Log<EventTrace> = { name: 'journal.traces', append: insertTraces };

/** Applies an event of one type to the rows. Changes only `rows`. */
export type Evolve = (rows: WritableRows, event: RecordedEvent) => void;

/**
 * The rules of a module, one for each of its event types. The deciders write the journal, so an
 * event's type implies the type of its data.
 */
export const defineEvolve = <E extends Event>(rules: {
  readonly [Type in E['type']]: (
    rows: WritableRows,
    event: RecordedEvent<Extract<E, { readonly type: Type }>>,
  ) => void;
}): Readonly<Record<E['type'], Evolve>> => rules as Readonly<Record<E['type'], Evolve>>;

/**
 * Applies events to the rows and records them in the journal, in the same transaction. An event of
 * an unknown type throws, because the journal could not be folded. `idAt` makes an event's id.
 * `traceparent` names the request of a traced command and is kept beside the journal.
 */
export const createRecorder =
  (evolve: Readonly<Record<string, Evolve>>, idAt: (time: Date) => string = newId) =>
  (rows: WritableRows, event: Event, time: Date, traceparent?: string): void => {
    const evolveType = evolve[event.type];
    if (evolveType === undefined) throw new Error(`no rule for events of type ${event.type}`);
    const recorded = { ...event, eventId: idAt(time), time };
    evolveType(rows, recorded);
    rows.append(journal, recorded);
    if (traceparent !== undefined) {
      rows.append(traces, { eventId: recorded.eventId, traceparent });
    }
  };
