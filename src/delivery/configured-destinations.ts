import { setTimeout as delay } from 'node:timers/promises';
import { startLoop, type Loop } from '../database/loop.ts';
import type { Queryable } from '../database/statement.ts';
import type { JournalReader } from '../journal/index.ts';
import { changeDestination, findDestination, insertDestination } from './queries.gen.ts';

/** A destination that the environment configures; there is at most one of each kind. */
export interface ConfiguredDestination {
  readonly kind: 'webhook' | 'nats';
  readonly url: string;
  readonly secret: string | null;
}

interface EnsureOptions {
  readonly db: Queryable;
  readonly reader: JournalReader;
  /** How long to wait for the journal's end before `onFault` gets the reason. */
  readonly patienceMs: number;
  readonly onFault: (error: unknown) => void;
  /** Told after a destination was created or changed. */
  readonly onChange: () => void;
}

export interface ConfiguredDestinations {
  /** Resolves once all are as configured, or after `patienceMs`; the work goes on meanwhile. */
  readonly ensureAll: (configured: readonly ConfiguredDestination[]) => Promise<void>;
  readonly stop: () => Promise<void>;
}

/** The same in every process and at every start (UUIDv8, RFC 9562 §5.8). */
const IDS = {
  webhook: '00000000-0000-8000-8000-000000000001',
  nats: '00000000-0000-8000-8000-000000000002',
} as const;

/** The pause after a round that failed. */
const RETRY_EVERY_MS = 1_000;

/**
 * Creates or changes the destinations that the environment configures. Neither an open transaction
 * nor a fault delays the caller by more than `patienceMs`.
 */
export const createConfiguredDestinations = (options: EnsureOptions): ConfiguredDestinations => {
  const stopping = new AbortController();
  const loops: Loop[] = [];
  return {
    ensureAll: async (configured) => {
      const { promise: done, resolve } = Promise.withResolvers<void>();
      const ensureOnce = async (): Promise<boolean> => {
        await Promise.all(
          configured.map((each) => ensureDestination(each, options, stopping.signal)),
        );
        resolve();
        return false;
      };
      const { onFault, onChange, patienceMs } = options;
      const loop = startLoop({ runOnce: ensureOnce, everyMs: RETRY_EVERY_MS, onFault });
      loops.push(loop);
      const over = done.then(onChange).then(loop.stop);
      await Promise.race([over, delay(patienceMs, undefined, { ref: false })]);
    },
    stop: async () => {
      stopping.abort();
      await Promise.all(loops.map(({ stop }) => stop()));
    },
  };
};

/**
 * Creates a destination that begins at the journal's end, or changes its address and secret to what
 * the environment says now. A token that staff have set stays with the address that it is for. Its
 * status stays as it is. When the signal aborts first, nothing has changed.
 */
const ensureDestination = async (
  { kind, url, secret }: ConfiguredDestination,
  options: EnsureOptions,
  signal: AbortSignal,
): Promise<void> => {
  const { db } = options;
  const destinationId = IDS[kind];
  const found = await findDestination(db, { destinationId });
  if (found === undefined) {
    const name = `the ${kind} of the environment`;
    const position = await findEnd(name, options, signal);
    if (position === undefined) return;
    const made = { destinationId, name, kind, url, types: null, secret };
    await insertDestination(db, { ...made, status: 'active', position });
    return;
  }
  const isConfigured = found.url === url && (secret === null || found.secret === secret);
  if (isConfigured) return;
  const changed = await changeDestination(db, { ...found, url, secret });
  // A request has changed it meanwhile: read it again.
  if (changed === 0) await ensureDestination({ kind, url, secret }, options, signal);
};

/** The journal's end as it is now, however long it takes until it is decided. */
const findEnd = async (
  name: string,
  { reader, patienceMs, onFault }: EnsureOptions,
  signal: AbortSignal,
): Promise<number | undefined> => {
  const report = (): void =>
    onFault(
      new Error(
        `${name} is not set up yet: where the journal ends is not decided while a transaction on ` +
          'the database server is open. It will be set up when that has ended.',
      ),
    );
  const timer = setTimeout(report, patienceMs).unref();
  try {
    return await reader.findEnd({ patienceMs: Infinity, signal });
  } finally {
    clearTimeout(timer);
  }
};
