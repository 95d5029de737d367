import { CommandError, runCommand } from '../../src/cli/command.ts';
import { measureGrowth } from './growth.ts';
import { USAGE, readOptions } from './options.ts';

/** Ends the run after the current measurement; everything is then stopped in order. */
const stopping = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => stopping.abort(new CommandError(`Stopped by ${signal}.`)));
}

await runCommand(USAGE, async () => {
  const options = readOptions(process.argv.slice(2));
  if (options === undefined) {
    console.log(USAGE);
  } else {
    await measureGrowth(options, {
      root: new URL('../../', import.meta.url),
      databaseUrl: process.env['DATABASE_URL'],
      print: console.log,
      log: console.error,
      signal: stopping.signal,
    });
  }
});
