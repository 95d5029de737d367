import { setTimeout as delay } from 'node:timers/promises';
import { startLoop, type Loop } from '../database/loop.ts';
import type { Queryable } from '../database/statement.ts';
import type { JournalReader } from '../journal/index.ts';
import { nextTry } from './destination.ts';
import { changeDestination, findDestination, insertDestination } from './queries.gen.ts';

/** A destination that the environment configures; there is at most one of each kind. */
export interface ConfiguredDestination {
  readonly kind: 'webhook' | 'nats' | 'kafka';
  readonly url: string;
  readonly secret: string | null;
  /** Only for Kafka: certificates in PEM. */
  readonly ca: string | null;
}

interface EnsureOptions {
  readonly db: Queryable;
  readonly reader: JournalReader;
  /** The wait for the journal's end before `onFault` is called with the reason. */
  readonly patienceMs: number;
  readonly onFault: (error: unknown) => void;
  /** Called after a destination was created or changed. */
  readonly onChange: () => void;
  /** Called with a sentence when a destination was paused or resumed. */
  readonly onNotice: (message: string) => void;
}

export interface ConfiguredDestinations {
  /**
   * Creates, changes, pauses and resumes destinations. Resolves when all match the environment, or
   * after `patienceMs` while the work continues.
   */
  readonly ensureAll: (configured: readonly ConfiguredDestination[]) => Promise<void>;
  readonly stop: () => Promise<void>;
}

/** The same in every process and after every restart (UUIDv8, RFC 9562 §5.8). */
const IDS = {
  webhook: '00000000-0000-8000-8000-000000000001',
  nats: '00000000-0000-8000-8000-000000000002',
  kafka: '00000000-0000-8000-8000-000000000003',
} as const;

const KINDS = ['webhook', 'nats', 'kafka'] as const;

const VARIABLES = {
  webhook: 'MOA_WEBHOOK_URL',
  nats: 'MOA_NATS_URL',
  kafka: 'MOA_KAFKA_URL',
} as const;

/** The pause after a failed round. */
const RETRY_EVERY_MS = 1_000;

/**
 * Keeps the destinations of the environment like the environment: creates or changes those that it
 * configures, and pauses those that it no longer configures. Neither an open transaction
 * nor a fault delays the caller by more than `patienceMs`.
 */
export const createConfiguredDestinations = (options: EnsureOptions): ConfiguredDestinations => {
  const stopping = new AbortController();
  const loops: Loop[] = [];
  return {
    ensureAll: async (configured) => {
      const { promise: done, resolve } = Promise.withResolvers<void>();
      const ensureOnce = async (): Promise<boolean> => {
        const kinds = new Set(configured.map(({ kind }) => kind));
        await Promise.all([
          ...configured.map((each) => ensureDestination(each, options, stopping.signal)),
          ...KINDS.filter((kind) => !kinds.has(kind)).map((kind) =>
            pauseUnconfigured(kind, options),
          ),
        ]);
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
 * Creates a destination that begins at the journal's end, or changes its address and secret to
 * those of the environment. A token that staff have set is kept with the address that it was set
 * for. The status is kept, but a destination that was paused because the environment did not
 * configure it is resumed. An abort before the end changes nothing.
 */
const ensureDestination = async (
  configured: ConfiguredDestination,
  options: EnsureOptions,
  signal: AbortSignal,
  tries = 1,
): Promise<void> => {
  const { kind, url, secret, ca } = configured;
  const { db, onNotice } = options;
  const destinationId = IDS[kind];
  const found = await findDestination(db, { destinationId });
  if (found === undefined) {
    const name = `the ${kind} of the environment`;
    const position = await findEnd(name, options, signal);
    if (position === undefined) return;
    const made = { destinationId, name, kind, url, types: null, secret, ca };
    await insertDestination(db, { ...made, status: 'active', position });
    return;
  }
  const isSameServer = found.url === url && found.ca === ca;
  const isConfigured = isSameServer && (secret === null || found.secret === secret);
  if (isConfigured && found.unconfigured === null) return;
  const isResumed = found.status === 'paused' && found.unconfigured === 'paused';
  const status = isResumed ? 'active' : found.status;
  const kept = isConfigured ? found : { ...found, url, secret, ca };
  const changed = await changeDestination(db, { ...kept, status, unconfigured: null });
  // Another request has changed the destination: read the destination again.
  if (changed === 0) await ensureDestination(configured, options, signal, nextTry(tries));
  else if (isResumed) onNotice(`${VARIABLES[kind]} is set again: its destination is resumed`);
};

/**
 * Pauses a destination that the environment has created and no longer configures. Does so once, so
 * staff may resume it; a destination that staff have paused stays paused for good.
 */
const pauseUnconfigured = async (
  kind: ConfiguredDestination['kind'],
  options: EnsureOptions,
  tries = 1,
): Promise<void> => {
  const { db, onNotice } = options;
  const found = await findDestination(db, { destinationId: IDS[kind] });
  if (found === undefined || found.unconfigured !== null) return;
  const isPaused = found.status === 'active';
  const unconfigured = isPaused ? 'paused' : 'changed';
  const changed = await changeDestination(db, { ...found, status: 'paused', unconfigured });
  // Another request has changed the destination: read the destination again.
  if (changed === 0) await pauseUnconfigured(kind, options, nextTry(tries));
  else if (isPaused) onNotice(`${VARIABLES[kind]} is not set any more: its destination is paused`);
};

/** The current end of the journal; waits until that position is decided. */
const findEnd = async (
  name: string,
  { reader, patienceMs, onFault }: EnsureOptions,
  signal: AbortSignal,
): Promise<number | undefined> => {
  const report = (): void =>
    onFault(
      new Error(
        `${name} is not created yet: the end of the journal is undecided while a transaction on ` +
          'the database server is open. It will be created after the transaction.',
      ),
    );
  const timer = setTimeout(report, patienceMs).unref();
  try {
    return await reader.findEnd({ patienceMs: Infinity, signal });
  } finally {
    clearTimeout(timer);
  }
};
