import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { findAddress } from '../../src/listening.ts';
import { NODE_OPTIONS } from '../worker.ts';

/** The settings of the service that are compared: transactions at once, commands in each. */
export interface Engine {
  readonly lanes: number;
  readonly batch: number;
}

export interface ServiceSettings {
  /** The folder of the revision whose service is started. */
  readonly root: URL;
  readonly databaseUrl: string;
  readonly dataDirectory: string;
  /** The service's own settings when undefined. */
  readonly engine?: Engine | undefined;
  /** Whether the auditor runs; it does when undefined. */
  readonly audits?: boolean;
}

export interface Service {
  readonly url: string;
  readonly pid: number;
  readonly stop: () => Promise<void>;
}

/** Longer than the balance of a buyer lasts. */
const BALANCE_MAX = 2 ** 52;

/** Longer than a start that migrates a shop of a million orders. */
const START_MAX_MS = 120_000;

/** Starts the service as `npm start` does, in a process of its own, without rate limits. */
export const startService = async (settings: ServiceSettings): Promise<Service> => {
  const { root, databaseUrl, dataDirectory, engine, audits = true } = settings;
  const child = spawn(process.execPath, [...NODE_OPTIONS, new URL('src/main.ts', root).pathname], {
    env: {
      NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'],
      PORT: '0',
      DATABASE_URL: databaseUrl,
      MOA_DATA_DIR: dataDirectory,
      MOA_RATE_LIMIT: 'off',
      MOA_WEBHOOK_ALLOW_PRIVATE: 'on',
      MOA_BALANCE_MAX: String(BALANCE_MAX),
      ...(audits ? {} : { MOA_AUDIT_SECONDS: '0' }),
      ...(engine && { MOA_LANES: String(engine.lanes), MOA_BATCH_MAX: String(engine.batch) }),
    },
    stdio: ['ignore', 'pipe', 'inherit'],
    // Ctrl-C reaches the bench, which stops the service.
    detached: true,
  });
  const gone = once(child, 'exit');
  // An old revision may listen without the line that is expected here.
  const late = setTimeout(() => child.kill('SIGKILL'), START_MAX_MS);
  let output = '';
  let url: string | undefined;
  for await (const chunk of child.stdout.iterator({ destroyOnReturn: false })) {
    output += String(chunk);
    url = findAddress(output);
    if (url !== undefined) break;
  }
  clearTimeout(late);
  if (url === undefined) throw new Error(`the service did not start: ${output}`);
  child.stdout.resume();
  return {
    url,
    pid: child.pid ?? 0,
    stop: async () => {
      child.kill('SIGTERM');
      await gone;
    },
  };
};
