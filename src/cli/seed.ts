import { parseArgs } from 'node:util';
import { ConfigError, readConfig, type Config } from '../config.ts';
import { findLogKey, loadLogKey, type LogOptions } from '../log/index.ts';
import { prepareDatabase } from '../prepare-database.ts';
import { withOwnDatabase } from './command-database.ts';
import { UsageError, runCommand } from './command.ts';
import { createProgress } from './progress.ts';
import { peakMemory, seconds } from './figures.ts';
import { TOTAL_MAX } from './seed/buying.ts';
import { followHistory } from './seed/follow.ts';
import { seedDatabase } from './seed/seed.ts';

const USAGE = `Fills the shop's database with a history of orders.

  npm run seed
  npm run seed -- --orders 1000000 --products 10000 --days 30

  --orders     the number of orders (100000)
  --products   the number of products (1000)
  --users      the number of users (one for twenty orders)
  --days       the length of the history in days (30)
  --seed       the seed; the same seed reproduces the history (1)

The best sellers, the sales report and the transparency log are up to date afterwards. The log needs
the key of the service: without one for DATABASE_URL, the service appends the log.

The database must have no orders. It is that of DATABASE_URL, or else the embedded database in
MOA_DATA_DIR, which no service may use meanwhile.
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

/**
 * How the service of this database signs the log. Only an embedded database has its key beside it;
 * without a key, the service appends the log.
 */
const logOf = async ({
  databaseUrl,
  logKey,
  eventSource,
}: Config): Promise<LogOptions | undefined> => {
  const key = databaseUrl === undefined ? await loadLogKey(logKey) : await findLogKey(logKey);
  return key && { eventSource, loadKey: () => Promise.resolve(key) };
};

const run = async (options: NonNullable<ReturnType<typeof readArguments>>): Promise<void> => {
  const config = readConfig(process.env);
  const { settings } = config;
  if (settings.balanceMax < TOTAL_MAX) {
    throw new ConfigError(`MOA_BALANCE_MAX must be at least ${TOTAL_MAX}, the largest order.`);
  }
  await withOwnDatabase(config, async (url) => {
    await prepareDatabase(url, config);
    const started = performance.now();
    const plan = { ...options, until: new Date(), settings };
    await seedDatabase(url, plan, createProgress(plan.orders));
    const followed = performance.now();
    await followHistory(url, await logOf(config), createProgress(1));
    const { orders, users, products, days } = plan;
    console.log(
      `${orders} orders of ${users} users for ${products} products over ${days} days, in ` +
        `${seconds(followed - started)}; best sellers, sales report and transparency log in ` +
        `${seconds(performance.now() - followed)}; peak memory ${peakMemory()}`,
    );
  });
};

await runCommand(USAGE, async () => {
  const options = readArguments();
  if (options === undefined) console.log(USAGE);
  else await run(options);
});
