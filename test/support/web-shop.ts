import type { Browser } from 'playwright-core';
import { afterAll, beforeAll } from 'vitest';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Client } from './api-calls.ts';
import { startBrowser } from './browser.ts';
import { createClient } from './client.ts';
import { createFileDatabase } from './database.ts';
import { startFileService, tokenFor } from './service.ts';

/** A shop with its pages and a browser, shared by the tests of a file. */
export interface WebShop {
  readonly url: string;
  readonly databaseUrl: string;
  /** A shop's own back end: sets up products and charges wallets. */
  readonly api: Client;
  readonly browser: Browser;
}

/** Starts the service with sample products, and a browser; both end with the file. */
export const useWebShop = (environment: Readonly<Record<string, string>> = {}): (() => WebShop) => {
  let shop: WebShop | undefined;
  let stop = (): Promise<unknown> => Promise.resolve();
  beforeAll(async () => {
    const browser = await startBrowser();
    // The tests are skipped, each by its hook.
    if (browser === undefined) return;
    const databaseUrl = await createFileDatabase();
    const directory = await mkdtemp(join(tmpdir(), 'moa-web-'));
    const service = await startFileService({
      DATABASE_URL: databaseUrl,
      MOA_DATA_DIR: directory,
      MOA_DEMO: 'on',
      MOA_SELF_CHARGE: 'on',
      ...environment,
    });
    stop = async () => {
      await browser.close();
      await service.end('SIGTERM');
      await rm(directory, { recursive: true, force: true });
    };
    const api = createClient(service.url, await tokenFor(directory, 'service', 'shop'));
    shop = { url: service.url, databaseUrl, api, browser };
  });
  afterAll(() => stop());
  return () => {
    if (shop === undefined) throw new Error('the shop has not started');
    return shop;
  };
};
