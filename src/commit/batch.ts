import { gatherStatements } from '../database/gather.ts';
import type { Session } from '../database/session.ts';
import type { Answer, Command, Outcome } from './command.ts';
import { lockFreeRows } from './locking.ts';
import { findEffects, insertEffects } from './queries.gen.ts';
import { createRows, type BatchRows, type Named } from './rows.ts';
import type { Lock, Rows, Table, WritableRows } from './table.ts';

/** What a batch must know about the system that it serves. */
export interface Schema<Event> {
  /** Every table that commands may lock, in the one order in which all batches lock them. */
  readonly tables: readonly Table<unknown>[];
  /** What a batch takes for the time, when it is not the database's. */
  readonly timeOf?: (databaseTime: Date) => Date;
  /** Carries an event out on the rows. */
  readonly apply: (rows: WritableRows, event: Event, time: Date) => void;
}

/** Of a command whose sender only asks whether it was accepted. */
const EMPTY: Answer = { status: 200, body: {} };

interface Effect {
  readonly keyId: string;
  readonly fingerprint: string;
  readonly status: number;
  readonly body: string;
}

/** What to do about rows that another transaction has locked. */
export type LockWait =
  /** Wait until they are free, or the session's lock timeout fails the batch. */
  | 'wait'
  /** Leave out the commands that name them. */
  | 'skip';

/** `contended`: the command was left out, because another transaction holds a row that it names. */
export type BatchOutcome<Refusal> = Outcome<Refusal> | { readonly kind: 'contended' };

/**
 * Runs commands in ONE transaction: lock and load what they name, decide them in order in memory,
 * write what changed, commit. Two round trips, however many commands. Resolves once the commit is
 * durable, with an outcome per command; throws (having changed nothing, unless the connection was
 * lost during COMMIT) when the database refuses or a decision throws.
 */
export const runBatch = async <Event, Refusal>(
  session: Session,
  commands: readonly Command<Event, Refusal>[],
  schema: Schema<Event>,
  lockWait: LockWait = 'wait',
): Promise<BatchOutcome<Refusal>[]> => {
  const rows = createRows();
  const loaded = await load(session, commands, schema.tables, rows, lockWait);
  const { known, contended } = loaded;
  const time = schema.timeOf?.(loaded.time) ?? loaded.time;

  const effects: Effect[] = [];
  const outcomes = commands.map((command): BatchOutcome<Refusal> => {
    const effect = known.get(command.key.id);
    if (effect !== undefined) {
      if (effect.fingerprint !== command.key.fingerprint) return { kind: 'key_reused' };
      const { status, body } = effect;
      return { kind: 'accepted', answer: { status, body }, replayed: true, changed: true };
    }
    // Rows that are found through others are named anew: a command before this one may have changed
    // those.
    const named = command.locks.map((lock) => resolveLock(lock, rows));
    if (contended.size > 0 && named.some(isIn(contended))) return { kind: 'contended' };
    const view = rows.viewOf(command.operation, named);
    const decision = command.decide(view, time);
    if (decision.kind === 'refused') return decision;
    const { events } = decision;
    for (const event of events) schema.apply(view, event, time);
    const { status, body } = command.answer?.({ events, rows: view, time }) ?? EMPTY;
    const answer = { status, body: JSON.stringify(body) };
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
  // Whatever cannot be encoded throws here, before anything is sent.
  const writes = gatherStatements();
  const stamped = effects.map((effect) => ({ ...effect, createdAt: time }));
  await Promise.all([...rows.write(writes.db), insertEffects(writes.db, stamped)]);
  await sendTogether(session, [() => writes.send(session), () => commit(session)]);
  return outcomes;
};

interface Loaded {
  /** The effects that keys of the batch already have. */
  readonly known: Map<string, Effect>;
  /** The database's time, read after the locks. */
  readonly time: Date;
  /** The rows that other transactions hold. */
  readonly contended: ContendedKeys;
}

type ContendedKeys = ReadonlyMap<Table<unknown>, ReadonlySet<string>>;

const isIn =
  (contended: ContendedKeys) =>
  ({ table, keys }: Named): boolean =>
    keys.some((key) => contended.get(table)?.has(key));

/** What a lock names now; most name the same always. */
const resolveLock = (lock: Lock, rows: Rows): Named & { readonly isNew: boolean } =>
  typeof lock.keys === 'function'
    ? { ...lock, keys: lock.keys(rows) }
    : (lock as typeof lock & Named);

/**
 * Begins the transaction and fetches all that the decisions need, locks first. The statements go
 * out in one packet, but a table whose keys depend on rows of another waits for those.
 */
const load = async (
  session: Session,
  commands: readonly Pick<Command<unknown, unknown>, 'key' | 'locks'>[],
  tables: readonly Table<unknown>[],
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

  const known = new Map<string, Effect>();
  let time = new Date(0);
  const begin = async (): Promise<void> => {
    await session.query({ text: 'begin' });
  };
  const findKnown = async (): Promise<void> => {
    const found = await findEffects(session, { keyIds: commands.map(({ key }) => key.id) });
    for (const { keyId, fingerprint, status, body, time: now } of found) {
      time = now;
      if (keyId === null || fingerprint === null || status === null || body === null) continue;
      known.set(keyId, { keyId, fingerprint, status, body });
    }
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
  return { known, time, contended };
};

/**
 * Sends statements in one packet. Rejects with the error of the first that failed: those after it
 * only say that the transaction is aborted.
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
  // A COMMIT of a failed transaction does not fail: it answers that it rolled back.
  if (command !== 'COMMIT') throw new Error(`COMMIT answered ${command}`);
};
