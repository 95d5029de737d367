import { parseArgs } from 'node:util';
import { positive, whole } from '../options.ts';
import type { Pace } from './measure.ts';

export const USAGE = `Measures paid orders of Moa, Medusa and Vendure by turns, on one PostgreSQL.

  npm run bench:peers
  npm run bench:peers -- --seconds 5 --rounds 1

The first run installs Medusa and Vendure from npm into node_modules/.cache/peers (0.9 GB); all
runs need a few minutes to fill their databases. A peer that cannot be installed, filled or started
is left out, and the run says why.

  --seconds    the duration of a measurement (12)
  --rounds     the number of rounds; the figures are medians (3)
  --trial      the duration of a trial of a number of connections, in seconds (4)
  --minutes    no measurement begins after this time, without installations (10)
  --products   the products of each shop (100); it has as many buyers
  --results    the folder for a page and JSON (bench/results)

The database is a new PostgreSQL in a temporary folder, or the server of DATABASE_URL, whose user
may create databases.
`;

export interface Options {
  readonly pace: Pace;
  /** No measurement begins after this time, which includes filling the databases. */
  readonly minutes: number;
  readonly products: number;
  readonly results: string;
}

/** Reads the command line; undefined asks for the usage. */
export const readOptions = (args: readonly string[]): Options | undefined => {
  const { values } = parseArgs({
    args: [...args],
    options: {
      seconds: { type: 'string', default: '12' },
      rounds: { type: 'string', default: '3' },
      trial: { type: 'string', default: '4' },
      minutes: { type: 'string', default: '10' },
      products: { type: 'string', default: '100' },
      results: { type: 'string', default: new URL('../results', import.meta.url).pathname },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return undefined;
  return {
    pace: {
      seconds: positive('seconds', values.seconds),
      rounds: whole('rounds', values.rounds),
      trialSeconds: positive('trial', values.trial),
    },
    minutes: positive('minutes', values.minutes),
    products: whole('products', values.products),
    results: values.results,
  };
};
