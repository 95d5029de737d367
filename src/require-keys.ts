import { ConfigError, type Config } from './config.ts';
import { loadSigningKey } from './identity/index.ts';
import { loadLogKey } from './log/index.ts';

/**
 * Reads the key files that the environment names; throws a `ConfigError` with the variable, the file
 * and the reason when one has no usable key. Creates none.
 */
export const requireKeys = async ({
  tokenSource,
  logKey,
}: Pick<Config, 'tokenSource' | 'logKey'>): Promise<void> => {
  if (tokenSource.kind === 'own' && tokenSource.file !== undefined) {
    await explain('MOA_SIGNING_KEY_FILE', tokenSource.file, loadSigningKey(tokenSource));
  }
  if (logKey.file !== undefined) {
    await explain('MOA_LOG_KEY_FILE', logKey.file, loadLogKey(logKey));
  }
};

const explain = async (name: string, file: string, loaded: Promise<unknown>): Promise<void> => {
  try {
    await loaded;
  } catch (error) {
    const { message, cause } = error as Error;
    const reason = cause instanceof Error ? cause.message : message;
    throw new ConfigError(`${name} names ${file}, which has no usable key: ${reason}.`, {
      cause: error,
    });
  }
};
