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

/** Runs a part of a command; an error that its user understands becomes a `CommandError`. */
export const explainingFaults = async <Result>(run: () => Promise<Result>): Promise<Result> => {
  try {
    return await run();
  } catch (error) {
    const { code = '', message } = error as NodeJS.ErrnoException;
    if (!(error instanceof UnusableBackup || OF_THE_FOLDER.has(code))) throw error;
    throw new CommandError(message, { cause: error });
  }
};
