import { gatherStatements } from '../database/gather.ts';
import type { Session } from '../database/session.ts';
import { UNANSWERED, type AnswerText, type Command, type Outcome } from './command.ts';
import { lockFreeRows } from './locking.ts';
import { findEffects, insertEffects, type FindEffectsRow } from './queries.gen.ts';
import { createRows, type BatchRows, type Named } from './rows.ts';
import type { Lock, Rows, Table, WritableRows } from './table.ts';

/** The tables of a group commit, and the function that applies an event. */
export interface Schema<Event> {
  /** Every table that commands may lock, in lock order. */
  readonly tables: readonly Table<unknown>[];
  /** Replaces the database's time, in tests. */
  readonly timeOf?: ((databaseTime: Date) => Date) | undefined;
  /** Applies an event to the rows. `traceparent` names the request of a traced command. */
  readonly apply: (rows: WritableRows, event: Event, time: Date, traceparent?: string) => void;
}

/** A stored answer, under its idempotency key. */
interface Effect extends AnswerText {
  readonly keyId: string;
  readonly fingerprint: string;
}

/** What a batch does with rows that another transaction has locked. */
export type LockWait =
  /** Wait for the rows, up to the session's lock timeout, which fails the batch. */
  | 'wait'
  /** Leave out the commands that name the rows. */
  | 'skip';

/** `contended`: the command was left out, because another transaction has locked one of its rows. */
export type BatchOutcome<Refusal> = Outcome<Refusal> | { readonly kind: 'contended' };

/**
 * Runs commands in ONE transaction: locks and loads the rows that they name, decides the commands
 * in order in memory, writes the changed rows, commits. Two round trips for any number of commands.
 * Resolves with an outcome per command once the commit is durable. Throws when a statement fails or
 * a decision throws; then nothing has changed, unless the connection was lost during COMMIT.
 */
export const runBatch = async <Event, Refusal>(
  session: Session,
  commands: readonly Command<Event, Refusal>[],
  schema: Schema<Event>,
  lockWait: LockWait,
): Promise<BatchOutcome<Refusal>[]> => {
  const rows = createRows();
  const { known, time, contended } = await load(session, commands, schema, rows, lockWait);

  const effects: Effect[] = [];
  const outcomes = commands.map((command): BatchOutcome<Refusal> => {
    const effect = known.get(command.key.id);
    if (effect !== undefined) {
      if (effect.fingerprint !== command.key.fingerprint) return { kind: 'key_reused' };
      const { status, body } = effect;
      return { kind: 'accepted', answer: { status, body }, replayed: true, changed: true };
    }
    // Resolves keys that depend on rows again: a previous command may have changed those rows.
    const named = command.locks.map((lock) => resolveLock(lock, rows));
    if (contended.size > 0 && named.some(isIn(contended))) return { kind: 'contended' };
    const view = rows.viewOf(command.operation, named);
    const decision = command.decide(view, time);
    if (decision.kind === 'refused') return decision;
    const { events } = decision;
    const traceparent = command.span?.traceparent;
    for (const event of events) schema.apply(view, event, time, traceparent);
    const given = command.answer?.({ events, rows: view, time });
    const answer =
      given === undefined ? UNANSWERED : { status: given.status, body: JSON.stringify(given.body) };
    const changed = events.length > 0;
    if (changed) {
      const made = { keyId: command.key.id, fingerprint: command.key.fingerprint, ...answer };
      known.set(command.key.id, made);
      effects.push(made);
    }
    return { kind: 'accepted', answer, replayed: false, changed };
  });

  if (effects.length === 0) {
    await session.query({ text: 'rollback' });
    return outcomes;
  }
  // A value that cannot be encoded throws here, before anything is sent.
  const writes = gatherStatements();
  const stamped = effects.map((effect) => ({ ...effect, createdAt: time }));
  await Promise.all([...rows.write(writes.db), insertEffects(writes.db, stamped)]);
  await sendTogether(session, [() => writes.send(session), () => commit(session)]);
  return outcomes;
};

interface Loaded {
  /** The stored effects of the batch's keys. */
  readonly known: Map<string, Effect>;
  /** The batch's time: the database's, read after the locks. */
  readonly time: Date;
  /** The rows that other transactions have locked. */
  readonly contended: ContendedKeys;
}

type ContendedKeys = ReadonlyMap<Table<unknown>, ReadonlySet<string>>;

const isIn =
  (contended: ContendedKeys) =>
  ({ table, keys }: Named): boolean =>
    keys.some((key) => contended.get(table)?.has(key));

/** The keys that a lock names; most locks have fixed keys. */
const resolveLock = (lock: Lock, rows: Rows): Named & { readonly isNew: boolean } =>
  typeof lock.keys === 'function'
    ? { ...lock, keys: lock.keys(rows) }
    : (lock as typeof lock & Named);

/**
 * Begins the transaction and loads all rows and effects that the decisions need, locks first. The
 * statements are sent in one packet, except that a table whose keys depend on other rows is read
 * after those rows.
 */
const load = async (
  session: Session,
  commands: readonly Pick<Command<unknown, unknown>, 'key' | 'locks'>[],
  { tables, timeOf = (databaseTime) => databaseTime }: Pick<Schema<never>, 'tables' | 'timeOf'>,
  rows: BatchRows,
  lockWait: LockWait,
): Promise<Loaded> => {
  const locks = Map.groupBy(
    commands.flatMap((command) => command.locks.filter(({ isNew }) => !isNew)),
    (lock) => lock.table,
  );
  const contended = new Map<Table<unknown>, ReadonlySet<string>>();
  const lockRows = async (table: Table<unknown>, named: readonly Lock[]): Promise<void> => {
    const keys = [...new Set(named.flatMap((lock) => resolveLock(lock, rows).keys))];
    if (keys.length === 0) return;
    if (lockWait === 'wait') {
      rows.load({ table, keys }, await table.lock(session, keys));
      return;
    }
    const free = await lockFreeRows(session, table, keys);
    rows.load({ table, keys }, free.rows);
    if (free.contended.length > 0) contended.set(table, new Set(free.contended));
  };

  const begin = async (): Promise<void> => {
    await session.query({ text: 'begin' });
  };
  let found: readonly FindEffectsRow[] = [];
  const findKnown = async (): Promise<void> => {
    found = await findEffects(session, { keyIds: commands.map(({ key }) => key.id) });
  };

  let wave: (() => Promise<void>)[] = [begin];
  for (const table of tables) {
    const named = locks.get(table);
    if (named === undefined) continue;
    if (named.some((lock) => typeof lock.keys === 'function')) {
      await sendTogether(session, wave);
      wave = [];
    }
    wave.push(() => lockRows(table, named));
  }
  await sendTogether(session, [...wave, findKnown]);

  const known = new Map<string, Effect>();
  for (const { keyId, fingerprint, status, body } of found) {
    if (keyId === null || fingerprint === null || status === null || body === null) continue;
    known.set(keyId, { keyId, fingerprint, status, body });
  }
  return { known, time: timeOf(found.at(-1)!.time), contended };
};

/**
 * Sends statements in one packet. Rejects with the first error, because later errors only report
 * that the transaction is aborted.
 */
const sendTogether = async (
  session: Session,
  sends: readonly (() => Promise<unknown>)[],
): Promise<void> => {
  const sent = session.pipelined(() => sends.map((send) => send()));
  const settled = await Promise.allSettled(sent);
  const failed = settled.find(({ status }) => status === 'rejected');
  if (failed?.status === 'rejected') throw failed.reason;
};

const commit = async (session: Session): Promise<void> => {
  const { command } = await session.query({ text: 'commit' });
  // COMMIT of a failed transaction succeeds and answers ROLLBACK.
  if (command !== 'COMMIT') throw new Error(`COMMIT answered ${command}`);
};
