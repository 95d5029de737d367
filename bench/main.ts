import { CommandError, runCommand } from '../src/cli/command.ts';
import { runBench } from './bench.ts';
import { USAGE, readOptions } from './options.ts';
import { benchSeed, renderSeedReport } from './seed.ts';

const SEED_ORDERS = 100_000;

/** Ends the run after the current measurement; everything is then stopped in order. */
const stopping = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => stopping.abort(new CommandError(`Stopped by ${signal}.`)));
}

await runCommand(USAGE, async () => {
  const options = readOptions(process.argv.slice(2));
  const log = console.error;
  const databaseUrl = process.env['DATABASE_URL'];
  if (options === undefined) {
    console.log(USAGE);
  } else if (options.scenarios[0] === 'seed') {
    const { orders = SEED_ORDERS, products, days } = options;
    console.log(renderSeedReport(await benchSeed({ orders, products, days, databaseUrl, log })));
  } else {
    await runBench(options, {
      root: new URL('../', import.meta.url),
      databaseUrl,
      print: console.log,
      log,
      signal: stopping.signal,
    });
  }
});
