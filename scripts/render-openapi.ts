import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { Registry } from '@prometheus-io/client';
import { readConfig } from '../src/config.ts';
import { createServer } from '../src/http/server.ts';
import { createTokens } from '../src/identity/index.ts';
import { startSystem } from '../src/system.ts';
import type { GeneratedFile } from './generated.ts';

const MANIFEST = new URL('../package.json', import.meta.url);

const readVersion = async (): Promise<string> =>
  (JSON.parse(await readFile(MANIFEST, 'utf8')) as { version: string }).version;

/** The OpenAPI document of a service with default settings. */
export const renderOpenapi = async (databaseUrl: string): Promise<GeneratedFile> => {
  const directory = await mkdtemp(join(tmpdir(), 'moa-openapi-'));
  const { settings } = readConfig({});
  const system = startSystem(databaseUrl, settings);
  const server = await createServer({
    routes: system.routes,
    tokens: await createTokens({ kind: 'own', directory }),
    ensureRegistered: system.users.ensureRegistered,
    ready: () => Promise.resolve({ ready: true, checks: {} }),
    answerMs: 5_000,
    rateLimit: false,
    trustProxy: false,
    log: pino({ level: 'silent' }),
    metrics: new Registry(),
    version: await readVersion(),
  });
  await server.ready();
  const content = `${JSON.stringify(server.swagger(), undefined, 2)}\n`;
  await server.close();
  await system.close();
  await rm(directory, { recursive: true });
  return { path: 'contracts/openapi.json', content };
};
