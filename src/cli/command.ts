import { parseArgs } from 'node:util';
import { ConfigError } from '../config.ts';
import { UnusableDatabase } from '../database/unusable.ts';
import { DirectoryInUse } from '../postgres/index.ts';

/** The options of a command are invalid. */
export class UsageError extends Error {}

/** A command cannot be carried out, for a reason that the user understands. */
export class CommandError extends Error {}

/**
 * Runs a command. An error exits with `errorCode` and prints a message: with the usage for invalid
 * options, with a stack trace for an unexpected error.
 */
export const runCommand = async (
  usage: string,
  command: () => Promise<void>,
  errorCode = 1,
): Promise<void> => {
  try {
    await command();
  } catch (error) {
    console.error(messageOf(error as NodeJS.ErrnoException, usage));
    process.exitCode = errorCode;
  }
};

/**
 * Runs a command whose only parameter is a folder; prints the usage for `--help`. Another number of
 * parameters is answered with `wrong` and the usage.
 */
export const runFolderCommand = (
  usage: string,
  wrong: string,
  command: (folder: string) => Promise<void>,
): Promise<void> =>
  runCommand(usage, async () => {
    const { values, positionals } = parseArgs({
      options: { help: { type: 'boolean', default: false } },
      allowPositionals: true,
    });
    const [folder = '', ...rest] = positionals;
    if (values.help) console.log(usage);
    else if (folder === '' || rest.length > 0) throw new UsageError(wrong);
    else await command(folder);
  });

const messageOf = (error: NodeJS.ErrnoException, usage: string): string => {
  const isUsage = error instanceof UsageError || error.code?.startsWith('ERR_PARSE_ARGS') === true;
  if (isUsage) return `${error.message}\n\n${usage}`;
  const isExpected = [CommandError, ConfigError, DirectoryInUse, UnusableDatabase].some(
    (expected) => error instanceof expected,
  );
  return isExpected ? error.message : String(error.stack);
};
