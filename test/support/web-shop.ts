import type { Browser } from 'playwright-core';
import { afterAll, beforeAll } from 'vitest';
import type { Client } from './api-calls.ts';
import { sharedBrowser } from './chromium.ts';
import { createClient } from './client.ts';
import { createFileDatabase } from './database.ts';
import {
  startTestService,
  temporaryDirectory,
  tokenFor,
  type Environment,
  type OnEnd,
  type RunningService,
} from './service.ts';
import { startServiceHere, type ServiceHere } from './service-here.ts';

/** A shop with its pages and a browser, shared by the tests of a file. */
export interface WebShop {
  readonly url: string;
  readonly databaseUrl: string;
  /** A shop's own back end: sets up products and charges wallets. */
  readonly api: Client;
  /** An operator. */
  readonly staff: Client;
  readonly browser: Browser;
}

type Settings = Environment & { readonly DATABASE_URL: string };
type Start<Service> = (settings: Settings, onEnd: OnEnd) => Promise<Service>;

/** Starts a service with sample products, which ends with the file; all files share a browser. */
export const useWebShop = (environment: Environment = {}): (() => WebShop) =>
  useShop(startServiceHere, environment);

/** The same with the service in a process of its own, which a test can stop. */
export const useWebShopProcess = (): (() => WebShop & RunningService) => useShop(startTestService);

const useShop = <Service extends ServiceHere>(
  start: Start<Service>,
  environment: Environment = {},
): (() => WebShop & Service) => {
  let shop: (WebShop & Service) | undefined;
  const ends: (() => Promise<void>)[] = [];
  const onEnd: OnEnd = (end) => {
    ends.push(end);
  };
  beforeAll(async () => {
    const browser = await sharedBrowser();
    // The tests are skipped, each by its hook.
    if (browser === undefined) return;
    const databaseUrl = await createFileDatabase();
    const directory = await temporaryDirectory(onEnd);
    const settings = {
      DATABASE_URL: databaseUrl,
      MOA_DATA_DIR: directory,
      MOA_DEMO: 'on',
      MOA_SELF_CHARGE: 'on',
      MOA_AUDIT_SECONDS: '60',
      // A browser beside the service makes it slow; the tests ask what a page shows.
      MOA_ANSWER_SECONDS: '60',
      ...environment,
    };
    const service = await start(settings, onEnd);
    const { url } = service;
    const api = createClient(url, await tokenFor(directory, 'service', 'shop'));
    const staff = createClient(url, await tokenFor(directory, 'staff', 'operator'));
    shop = { ...service, databaseUrl, api, staff, browser };
  });
  afterAll(async () => {
    for (const end of ends.toReversed()) await end();
  });
  return () => {
    if (shop === undefined) throw new Error('the shop has not started');
    return shop;
  };
};
