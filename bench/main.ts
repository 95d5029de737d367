import { runBench } from './bench.ts';
import { runBenchCommand } from './command.ts';
import { USAGE, readOptions } from './options.ts';
import { benchSeed, renderSeedReport } from './seed.ts';

const SEED_ORDERS = 100_000;

await runBenchCommand(USAGE, readOptions, async (options, surroundings) => {
  if (options.scenarios[0] === 'seed') {
    const { orders = SEED_ORDERS, products, days } = options;
    const { databaseUrl, log, print } = surroundings;
    print(renderSeedReport(await benchSeed({ orders, products, days, databaseUrl, log })));
  } else {
    await runBench(options, surroundings);
  }
});
