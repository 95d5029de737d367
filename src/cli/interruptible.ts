import { UnusableBackup } from '../backup/index.ts';
import { CommandError } from './command.ts';

/** Error codes of the operating system that the user can do something about. */
const OF_THE_FOLDER = new Set([
  'EACCES',
  'EBUSY',
  'EDQUOT',
  'EIO',
  'ELOOP',
  'ENAMETOOLONG',
  'ENOENT',
  'ENOSPC',
  'ENOTDIR',
  'ENOTEMPTY',
  'EPERM',
  'EROFS',
]);

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

/**
 * Runs the part of a command that copies files. A signal to this process aborts it, so that it can
 * remove what it has written. An error that the user understands becomes a `CommandError`.
 */
export const interruptible = async <Result>(
  copy: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> => {
  const interruption = new AbortController();
  const interrupt = (): void => {
    interruption.abort(new CommandError('Interrupted: what was written is removed.'));
  };
  for (const signal of SIGNALS) process.once(signal, interrupt);
  try {
    return await copy(interruption.signal);
  } catch (error) {
    const { code = '', message } = error as NodeJS.ErrnoException;
    if (!(error instanceof UnusableBackup || OF_THE_FOLDER.has(code))) throw error;
    throw new CommandError(message, { cause: error });
  } finally {
    for (const signal of SIGNALS) process.off(signal, interrupt);
  }
};
