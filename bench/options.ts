import { parseArgs } from 'node:util';
import { UsageError } from '../src/cli/command.ts';
import type { Pace } from './run.ts';
import { SCENARIOS } from './scenarios/index.ts';

export const USAGE = `Measures the service from outside: the load is a process of its own.

  npm run bench                                  every scenario, in less than ten minutes
  npm run bench -- checkout-spread hot-product   some scenarios
  npm run bench -- --seconds 5 --rounds 5 --connections 1,32,256
  npm run bench -- --compare main~1 [scenario …] this revision and another, by turns
  npm run bench -- seed                          a history and its audit against COPY
  npm run bench -- seed --orders 1000000 --products 10000 --days 30

Scenarios: ${Object.keys(SCENARIOS).join(', ')}.

  --seconds      the duration of a measurement (2)
  --rounds       the number of rounds; the figures are medians (3)
  --connections  the numbers of connections, separated by commas; each scenario has its own
  --compare      a revision that is checked out and measured by turns with this one
  --results      the folder for a page, the charts and JSON; bench/results after every scenario,
                 else none
  --minutes      no scenario begins after this time (8)
  --orders       the orders of a history: 50000 for best-sellers, 100000 for seed
  --products     the products of a shop (1000); it has as many users
  --days         the days of the history of seed (30)

The database is a new PostgreSQL in a temporary folder, or the server of DATABASE_URL, whose user
may create databases.
`;

export interface Options {
  /** Names of scenarios, all when none was given; or `seed` alone. */
  readonly scenarios: readonly string[];
  readonly pace: Pace;
  readonly compare: string | undefined;
  readonly results: string | undefined;
  readonly minutes: number;
  readonly orders: number | undefined;
  readonly products: number;
  readonly days: number;
}

/** Until the code that runs often is compiled. */
const WARM_UP_SECONDS = 1.5;

/** Reads the command line; undefined asks for the usage. */
export const readOptions = (args: readonly string[]): Options | undefined => {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      seconds: { type: 'string', default: '2' },
      rounds: { type: 'string', default: '3' },
      connections: { type: 'string' },
      compare: { type: 'string' },
      results: { type: 'string' },
      minutes: { type: 'string', default: '8' },
      orders: { type: 'string' },
      products: { type: 'string', default: '1000' },
      days: { type: 'string', default: '30' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return undefined;
  const isSeed = positionals[0] === 'seed';
  const unknown = positionals.find((name) => !isSeed && SCENARIOS[name] === undefined);
  if (unknown !== undefined) throw new UsageError(`there is no scenario ${unknown}`);
  const isWhole = positionals.length === 0 && values.compare === undefined;
  return {
    scenarios: positionals.length === 0 ? Object.keys(SCENARIOS) : positionals,
    pace: {
      seconds: positive('seconds', values.seconds),
      rounds: whole('rounds', values.rounds),
      warmUpSeconds: WARM_UP_SECONDS,
      connections: values.connections?.split(',').map((each) => whole('connections', each, 0)),
    },
    compare: values.compare,
    results: values.results ?? (isWhole ? new URL('results', import.meta.url).pathname : undefined),
    minutes: positive('minutes', values.minutes),
    orders: values.orders === undefined ? undefined : whole('orders', values.orders),
    products: whole('products', values.products),
    days: whole('days', values.days),
  };
};

/** Reads a number above 0; throws a `UsageError`. */
export const positive = (name: string, text: string): number => {
  const value = Number(text);
  if (text === '' || !(value > 0) || value === Infinity) {
    throw new UsageError(`--${name} must be a number above 0`);
  }
  return value;
};

/** Reads a whole number from `min`; throws a `UsageError`. */
export const whole = (name: string, text: string, min = 1): number => {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < min || !Number.isSafeInteger(value)) {
    throw new UsageError(`--${name} takes whole numbers from ${min}`);
  }
  return value;
};
