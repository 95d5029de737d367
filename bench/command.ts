import { CommandError, runCommand } from '../src/cli/command.ts';

/** Where a run writes, and what stops it. */
export interface Surroundings {
  readonly root: URL;
  readonly databaseUrl: string | undefined;
  readonly print: (text: string) => void;
  readonly log: (message: string) => void;
  readonly signal: AbortSignal;
}

/**
 * Runs a bench from the command line, or prints its usage when `readOptions` returns undefined.
 * SIGINT and SIGTERM end the current measurement; everything is then stopped in order.
 */
export const runBenchCommand = <Options>(
  usage: string,
  readOptions: (args: readonly string[]) => Options | undefined,
  run: (options: Options, surroundings: Surroundings) => Promise<void>,
): Promise<void> => {
  const stopping = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => stopping.abort(new CommandError(`Stopped by ${signal}.`)));
  }
  return runCommand(usage, async () => {
    const options = readOptions(process.argv.slice(2));
    if (options === undefined) {
      console.log(usage);
      return;
    }
    await run(options, {
      root: new URL('../', import.meta.url),
      databaseUrl: process.env['DATABASE_URL'],
      print: console.log,
      log: console.error,
      signal: stopping.signal,
    });
  });
};
