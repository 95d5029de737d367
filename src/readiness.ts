import { setTimeout as delay } from 'node:timers/promises';
import { shareRunning } from './database/loader.ts';
import { readMigrationState, type Migration } from './database/migrate.ts';
import { isExhausted } from './database/unreachable.ts';
import type { Readiness } from './http/health.ts';
import type { System } from './system.ts';

/** `/readyz` answers within a second. */
const READY_MAX_MS = 800;
/** How long a failed write counts; then writes may be tried again, to find out about new room. */
const EXHAUSTED_MS = 5_000;

/** Records when a write last failed because the database was out of a resource. */
export const watchResources = () => {
  let failedAt = -Infinity;
  return {
    onFault: (error: unknown): void => {
      if (isExhausted(error)) failedAt = performance.now();
    },
    areExhausted: (): boolean => performance.now() - failedAt < EXHAUSTED_MS,
  };
};

/** What `/readyz` answers, and each check as a metric has it. */
export interface CheckedReadiness extends Readiness {
  /** Whether each check has passed; without the migrations while the database is unreachable. */
  readonly passed: Readonly<Record<string, boolean>>;
}

/**
 * Whether the service can answer requests: database reachable and with room for writes, migrations
 * usable, queue not full, service not stopping. Concurrent calls share one query.
 */
export const createReadiness = (
  { reads, commit }: Pick<System, 'reads' | 'commit'>,
  migrations: readonly Migration[],
  queueMax: number,
  areExhausted: () => boolean,
  stopping: AbortSignal,
): (() => Promise<CheckedReadiness>) => {
  const readMigrated = shareRunning(() =>
    readMigrationState(reads, migrations).catch(() => undefined),
  );

  return async () => {
    const late = delay(READY_MAX_MS, undefined, { ref: false });
    const migrated = await Promise.race([readMigrated(), late]);
    const hasRoom = !areExhausted();
    const isOpen = commit.depth() < queueMax;
    const passed = {
      service: !stopping.aborted,
      database: migrated !== undefined,
      resources: hasRoom,
      queue: isOpen,
      ...(migrated === undefined ? {} : { migrations: migrated.usable }),
    };
    return {
      ready: Object.values(passed).every(Boolean),
      passed,
      checks: {
        service: stopping.aborted ? 'stopping' : 'running',
        database: migrated === undefined ? 'unreachable' : 'reachable',
        resources: hasRoom ? 'available' : 'exhausted',
        migrations: migrated?.state ?? 'unknown',
        queue: isOpen ? 'open' : 'full',
      },
    };
  };
};
