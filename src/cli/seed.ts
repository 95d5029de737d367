import { parseArgs } from 'node:util';
import { ConfigError, readConfig } from '../config.ts';
import { migrate } from '../database/migrate.ts';
import { withOwnDatabase } from './command-database.ts';
import { UsageError, runCommand } from './command.ts';
import { createProgress } from './progress.ts';
import { peakMemory, seconds } from './figures.ts';
import { TOTAL_MAX } from './seed/buying.ts';
import { seedDatabase } from './seed/seed.ts';

const USAGE = `Fills the shop's database with a history, as if it had been open for a while.

  npm run seed
  npm run seed -- --orders 1000000 --products 10000 --days 30

  --orders     how many orders there have been (100000)
  --products   how many products there are (1000)
  --users      how many users there are (one for twenty orders)
  --days       how long the shop has been open (30)
  --seed       brings the same history back (1)

The database must have no orders. It is the one of DATABASE_URL, or else the embedded one in
MOA_DATA_DIR, on which no service may run meanwhile.
`;

const readArguments = () => {
  const { values } = parseArgs({
    options: {
      orders: { type: 'string', default: '100000' },
      products: { type: 'string', default: '1000' },
      users: { type: 'string' },
      days: { type: 'string', default: '30' },
      seed: { type: 'string', default: '1' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return undefined;
  const orders = count('orders', values.orders, 1, 100_000_000);
  return {
    orders,
    products: count('products', values.products, 1, 1_000_000),
    users: count('users', values.users ?? String(Math.ceil(orders / 20)), 1, 10_000_000),
    days: count('days', values.days, 1, 3_650),
    seed: count('seed', values.seed, 0, 2 ** 32 - 1),
  };
};

const count = (name: string, text: string, min: number, max: number): number => {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < min || value > max) {
    throw new UsageError(`--${name} must be a whole number from ${min} to ${max}`);
  }
  return value;
};

const run = async (options: NonNullable<ReturnType<typeof readArguments>>): Promise<void> => {
  const config = readConfig(process.env);
  const { settings } = config;
  if (settings.balanceMax < TOTAL_MAX) {
    throw new ConfigError(`MOA_BALANCE_MAX must be at least ${TOTAL_MAX}, the dearest order.`);
  }
  await withOwnDatabase(config, async (url) => {
    await migrate(url);
    const started = performance.now();
    const plan = { ...options, until: new Date(), settings };
    await seedDatabase(url, plan, createProgress(plan.orders));
    const { orders, users, products, days } = plan;
    console.log(
      `${orders} orders of ${users} users for ${products} products over ${days} days, in ` +
        `${seconds(performance.now() - started)}; peak memory ${peakMemory()}`,
    );
  });
};

await runCommand(USAGE, async () => {
  const options = readArguments();
  if (options === undefined) console.log(USAGE);
  else await run(options);
});
