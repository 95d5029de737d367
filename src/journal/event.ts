import type { Log, WritableRows } from '../commit/index.ts';
import { newId } from '../database/ids.ts';
import { insertEvents } from './queries.gen.ts';

/** What JSON holds as it is: a time, which JSON would turn into text, is refused. */
type Json<Data> = Data extends Date
  ? never
  : Data extends object
    ? { readonly [Name in keyof Data]: Json<Data[Name]> }
    : Data;

/** Something that happened, in the past tense and versioned: `order.paid.v1`. */
export interface Event<Type extends string = string, Data extends object = object> {
  readonly type: Type;
  /** What it happened to: the id of an order, a user's wallet or a product. */
  readonly subject: string;
  /** The same in the journal as in the decider; times are text (RFC 3339). */
  readonly data: Json<Data>;
}

/** An event with its identity: the same wherever and however often it is delivered. */
export type RecordedEvent<E extends Event = Event> = E & {
  readonly eventId: string;
  readonly time: Date;
};

/** The record of events. */
export const journal: Log<RecordedEvent> = {
  name: 'journal.events',
  append: (db, events) =>
    insertEvents(
      db,
      events.map((event) => ({ ...event, data: JSON.stringify(event.data) })),
    ),
};

/** What an event of one type does to the rows. Pure but for `rows`. */
export type Evolve = (rows: WritableRows, event: RecordedEvent) => void;

/**
 * The rules of a module: what each of its events does. The journal holds what the deciders made, so
 * an event's type tells the type of its data.
 */
export const defineEvolve = <E extends Event>(rules: {
  readonly [Type in E['type']]: (
    rows: WritableRows,
    event: RecordedEvent<Extract<E, { readonly type: Type }>>,
  ) => void;
}): Readonly<Record<E['type'], Evolve>> => rules as Readonly<Record<E['type'], Evolve>>;

/**
 * Carries events out and records them in the journal, in the same transaction. An event of an
 * unknown type is a fault: a journal that cannot be folded must not be written. `idAt` gives an
 * event its id.
 */
export const createRecorder =
  (evolve: Readonly<Record<string, Evolve>>, idAt: (time: Date) => string = newId) =>
  (rows: WritableRows, event: Event, time: Date): void => {
    const evolveType = evolve[event.type];
    if (evolveType === undefined) throw new Error(`no rule for events of type ${event.type}`);
    const recorded = { ...event, eventId: idAt(time), time };
    evolveType(rows, recorded);
    rows.append(journal, recorded);
  };
