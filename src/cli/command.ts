import { ConfigError } from '../config.ts';
import { DirectoryInUse } from '../postgres/index.ts';

/** The options of a command cannot be used. */
export class UsageError extends Error {}

/** What a command was asked for cannot be done, for a reason that its user understands. */
export class CommandError extends Error {}

/**
 * Runs a command: what goes wrong ends it with exit code 1 and a message, with how it is used if
 * its options are at fault, and with where it happened if it should not happen.
 */
export const runCommand = async (usage: string, command: () => Promise<void>): Promise<void> => {
  try {
    await command();
  } catch (error) {
    console.error(messageOf(error as NodeJS.ErrnoException, usage));
    process.exitCode = 1;
  }
};

const messageOf = (error: NodeJS.ErrnoException, usage: string): string => {
  const isUsage = error instanceof UsageError || error.code?.startsWith('ERR_PARSE_ARGS') === true;
  if (isUsage) return `${error.message}\n\n${usage}`;
  const isExpected = [CommandError, ConfigError, DirectoryInUse].some(
    (expected) => error instanceof expected,
  );
  return isExpected ? error.message : String(error.stack);
};
