import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { readContracts } from './contracts.ts';
import { createPlatform } from './server.ts';
import { openStore, type Store } from './store.ts';

/** A setting in the environment is invalid; printed without a stack trace. */
class SettingsError extends Error {
  override readonly name = 'SettingsError';
}

const print = (text: string): void => void process.stdout.write(`${text}\n`);

/** An empty variable counts as not set. */
const setting = (name: string): string | undefined => process.env[name] || undefined;

const readPort = (): number => {
  const port = setting('PORT') ?? '4000';
  if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535) {
    throw new SettingsError('PORT must be a number from 0 to 65535');
  }
  return Number(port);
};

/** A key of 24 to 64 bytes (Standard Webhooks 1.0.0, "Signature scheme"). */
const checkSecret = (secret: string): string => {
  const [, base64 = ''] = /^whsec_([A-Za-z0-9+/]+={0,2})$/.exec(secret) ?? [];
  const key = Buffer.from(base64, 'base64');
  if (key.toString('base64') !== base64 || key.length < 24 || key.length > 64) {
    throw new SettingsError('MOA_WEBHOOK_SECRET must be "whsec_" and 24 to 64 bytes in Base64');
  }
  return secret;
};

const openOrExplain = async (file: string): Promise<Store> => {
  try {
    return await openStore(file);
  } catch (error) {
    throw new SettingsError(`DATA_PLATFORM_FILE cannot be opened: ${(error as Error).message}`);
  }
};

const start = async (): Promise<void> => {
  const port = readPort();
  const host = setting('HOST') ?? '127.0.0.1';
  const given = setting('MOA_WEBHOOK_SECRET');
  const secret = checkSecret(given ?? `whsec_${randomBytes(32).toString('base64')}`);
  const file = setting('DATA_PLATFORM_FILE');
  const check = await readContracts();
  const store = await openOrExplain(file ?? ':memory:');

  const platform = createPlatform({ secret, store, check }, (error) => {
    process.stderr.write(`${String((error as Error).stack)}\n`);
  });
  platform.listen(port, host);
  await once(platform, 'listening').catch((error: NodeJS.ErrnoException) => {
    throw new SettingsError(`cannot listen on port ${port} of ${host}: ${error.code}`);
  });

  const address = platform.address() as AddressInfo;
  const name = address.family === 'IPv6' ? `[${address.address}]` : address.address;
  const url = `http://${name}:${address.port}`;
  print(`The data platform listens on ${url} and stores events in ${file ?? 'memory'}.`);
  if (given === undefined) {
    print(
      '\nMOA_WEBHOOK_SECRET is not set. Start Moa with the secret that was made for this run:\n',
    );
    print(`  MOA_WEBHOOK_URL=${url}/events MOA_WEBHOOK_SECRET=${secret} npm start\n`);
  }

  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      platform.close(() => {
        store.close();
        process.exit(0);
      });
    });
  }
};

try {
  await start();
} catch (error) {
  const { message, stack } = error as Error;
  process.stderr.write(`${error instanceof SettingsError ? message : stack}\n`);
  process.exit(1);
}
