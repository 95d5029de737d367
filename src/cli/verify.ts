import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readConfig } from '../config.ts';
import { findAddress } from '../listening.ts';
import { startEmbedded } from '../postgres/index.ts';
import {
  Interrupted,
  VerifyFault,
  createOwnDatabase,
  verify,
  type Verdict,
} from '../verify/index.ts';
import { CommandError, runCommand } from './command.ts';
import { createRandom } from './seed/random.ts';
import { readArguments, type Options } from './verify/arguments.ts';
import {
  renderProgress,
  renderStart,
  renderVerdict,
  renderViolation,
  throughputOf,
} from './verify/report.ts';

const USAGE = `Tries to break Moa on your own PostgreSQL: calls several service processes,
kills them, cuts their connections, and checks that no money, no unit and no answer is lost.

  npm run verify -- --minutes 10
  DATABASE_URL=postgres://... npm run verify

  --minutes    the time under load, 0.1 to 1440 (1)
  --processes  the number of service processes, 1 to 16 (2)
  --seed       a whole number that repeats the choices of a run (random)
  --keep       keeps the database at the end; one with violations is kept in any case
  --json       prints the verdict as JSON

Works in a database of its own, moa_verify_<random>, on the server of DATABASE_URL, and never
touches another; its role needs CREATEDB. Without DATABASE_URL it starts an embedded PostgreSQL in
a temporary folder.

Exits with code 0 if nothing was found, with 1 on a violation, and with 2 if it could not run.
`;

const EXIT_VIOLATION = 1;
const EXIT_NOT_RUN = 2;
/** 128 plus the number of SIGINT. */
const EXIT_INTERRUPTED = 130;

/** A place for the run, and how to end it. */
interface Place {
  readonly url: string;
  /** The place in words. */
  readonly name: string;
  /** How to inspect it after the run. */
  readonly inspect: string;
  readonly end: (keep: boolean) => Promise<void>;
}

const placeOn = async (serverUrl: string): Promise<Place> => {
  const { name, url, drop } = await createOwnDatabase(serverUrl);
  return {
    url,
    name: `the database ${name}`,
    inspect: `DATABASE_URL=…/${name} npm run audit`,
    end: async (keep) => {
      if (!keep) await drop();
    },
  };
};

const placeEmbedded = async (): Promise<Place> => {
  const directory = await mkdtemp(join(tmpdir(), 'moa-verify-'));
  const remove = () => rm(directory, { recursive: true, force: true });
  try {
    const { url, stop } = await startEmbedded({ directory, log: console.error });
    return {
      url,
      name: `an embedded PostgreSQL in ${directory}`,
      inspect: `MOA_DATA_DIR=${directory} npm run audit`,
      end: async (keep) => {
        await stop();
        if (!keep) await remove();
      },
    };
  } catch (error) {
    await remove();
    throw error;
  }
};

const printVerdict = (verdict: Verdict, options: Options): void => {
  const { minutes, processes, seed } = options;
  const plan = { minutes, processes, seed };
  if (!options.json) {
    console.log(renderVerdict(verdict, plan));
    return;
  }
  const operationsPerSecond = Math.round(throughputOf(verdict.figures));
  console.log(JSON.stringify({ ...verdict, ...plan, operationsPerSecond }));
};

/** Aborts on Ctrl-C and `SIGTERM`; a second signal changes nothing, so that the end can clean up. */
const interruption = (): AbortSignal => {
  const interrupting = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (!interrupting.signal.aborted) console.error('interrupted; the run ends');
      interrupting.abort();
    });
  }
  return interrupting.signal;
};

/** Runs in a place; returns whether something was violated. */
const runIn = async (place: Place, options: Options, signal: AbortSignal): Promise<boolean> => {
  const { minutes, processes, seed } = options;
  console.error(renderStart(place.name, options));
  let isViolated = false;
  try {
    const verdict = await verify({
      databaseUrl: place.url,
      seconds: minutes * 60,
      processes,
      seed,
      createDraws: createRandom,
      findAddress,
      onProgress: (progress) => console.error(renderProgress(progress)),
      onViolation: (violation) => {
        isViolated = true;
        console.error(renderViolation(violation));
      },
      signal,
    });
    printVerdict(verdict, options);
  } catch (error) {
    if (error instanceof Interrupted) process.exitCode = EXIT_INTERRUPTED;
    else if (isViolated) console.error((error as Error).message);
    else throw error instanceof VerifyFault ? new CommandError(error.message) : error;
  } finally {
    const keep = options.keep || isViolated;
    await place.end(keep);
    console.error(
      keep ? `Kept: ${place.name}. Inspect it with: ${place.inspect}` : `Removed: ${place.name}`,
    );
  }
  return isViolated;
};

await runCommand(
  USAGE,
  async () => {
    const options = readArguments(process.argv.slice(2));
    if (options === undefined) {
      console.log(USAGE);
      return;
    }
    const { databaseUrl } = readConfig(process.env);
    const signal = interruption();
    const place = await (databaseUrl === undefined ? placeEmbedded() : placeOn(databaseUrl));
    if (await runIn(place, options, signal)) process.exitCode = EXIT_VIOLATION;
  },
  EXIT_NOT_RUN,
);
