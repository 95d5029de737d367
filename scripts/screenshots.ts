import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Browser, BrowserContext } from 'playwright-core';
import sharp from 'sharp';
import { issueToken, loadSigningKey } from '../src/identity/index.ts';
import { expectStatus, type Client } from '../test/support/api-calls.ts';
import { startBrowser } from '../test/support/chromium.ts';
import { createClient } from '../test/support/client.ts';
import { fillViews, openView, VIEWS, type Shown, type View } from '../test/support/views.ts';
import { findAddress } from './listening.ts';

/**
 * Makes a picture of every page, in both languages and schemes, of a phone and a desktop:
 * `npm run screenshots -- FOLDER`; `--only NAME` makes those of one page, and `--readme` those that
 * the README shows.
 */

const ROOT = new URL('..', import.meta.url).pathname;
const README_FOLDER = join(ROOT, 'docs/images');
/** Larger pictures would slow the README down. */
const README_BYTES_MAX = 120_000;
const README_PICTURES: Readonly<Record<string, Look['size']>> = {
  home: 'desktop',
  checkout: 'phone',
  'console-today': 'desktop',
  'console-delivery': 'desktop',
};
/** A start on a new folder also installs PostgreSQL's files. */
const START_MAX_MS = 120_000;

const SIZES = {
  phone: { width: 360, height: 740 },
  desktop: { width: 1_280, height: 860 },
} as const;
const LOCALES = { ko: 'ko-KR', en: 'en-US' } as const;
const SCHEMES = ['light', 'dark'] as const;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { readme: { type: 'boolean', default: false }, only: { type: 'string' } },
});

/** Starts a service with sample products on a temporary folder. */
const startService = async (directory: string) => {
  const child = spawn(process.execPath, [join(ROOT, 'src/main.ts')], {
    env: {
      PATH: process.env['PATH'],
      PORT: '0',
      MOA_DATA_DIR: directory,
      MOA_RATE_LIMIT: 'off',
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'close');
  const { promise: url, resolve, reject } = Promise.withResolvers<string>();
  const timer = setTimeout(() => reject(new Error('the service does not start')), START_MAX_MS);
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    output += chunk;
    const address = findAddress(output);
    if (address !== undefined) resolve(address);
  });
  void ended.then(() => reject(new Error(`the service ended: ${output}`)));
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM');
    await ended;
  };
  try {
    return { url: await url, stop };
  } catch (error) {
    await stop();
    throw error;
  } finally {
    clearTimeout(timer);
  }
};

/** Nothing checks it. */
const SECRET = `whsec_${Buffer.alloc(32, 'moa').toString('base64')}`;

/** A destination that takes all events, and one that refuses them. */
const addDestinations = async (api: Client) => {
  const receiver = createServer((request, response) => {
    request.resume().on('end', () => {
      const isTaken = request.url === '/taken';
      response.writeHead(isTaken ? 204 : 422).end(isTaken ? undefined : 'no such account');
    });
  });
  receiver.listen(0, '127.0.0.1');
  await once(receiver, 'listening');
  const { port } = receiver.address() as AddressInfo;
  for (const [name, path] of [
    ['Data platform', 'taken'],
    ['Ledger', 'refused'],
  ]) {
    const url = `http://127.0.0.1:${port}/${path}`;
    expectStatus(
      201,
      await api.post('/v1/destinations', { name, kind: 'webhook', url, secret: SECRET }),
    );
  }
  return async (): Promise<void> => {
    receiver.close();
    receiver.closeAllConnections();
    await once(receiver, 'close');
  };
};

interface Look {
  readonly size: keyof typeof SIZES;
  readonly locale: keyof typeof LOCALES;
  readonly scheme: (typeof SCHEMES)[number];
}

const LOOKS: readonly Look[] = (['phone', 'desktop'] as const).flatMap((size) =>
  (['ko', 'en'] as const).flatMap((locale) => SCHEMES.map((scheme) => ({ size, locale, scheme }))),
);

const signIn = async (context: BrowserContext, url: string, as: View['as']): Promise<void> => {
  if (as === 'visitor') return;
  const headers = { origin: url };
  await context.request.post('/auth/demo', { headers, data: { as } });
};

/** Takes the pictures of some views in one look. */
const shoot = async (
  browser: Browser,
  { url, shown, views }: { url: string; shown: Shown; views: readonly View[] },
  { size, locale, scheme }: Look,
  write: (name: string, png: Buffer) => Promise<void>,
): Promise<void> => {
  for (const as of ['visitor', 'customer', 'operator'] as const) {
    const context = await browser.newContext({
      baseURL: url,
      locale: LOCALES[locale],
      colorScheme: scheme,
      viewport: SIZES[size],
      reducedMotion: 'reduce',
    });
    await signIn(context, url, as);
    for (const view of views.filter((each) => each.as === as)) {
      const page = await context.newPage();
      try {
        await openView(page, view, shown);
        await page.waitForLoadState('load');
        await write(`${view.name}-${size}-${locale}-${scheme}`, await page.screenshot());
      } catch (error) {
        process.exitCode = 1;
        console.error(`${view.name}, ${size}, ${locale}, ${scheme}:`, error);
      }
      await page.close();
    }
    await context.close();
  }
};

const writeSmall = async (name: string, png: Buffer): Promise<void> => {
  const webp = await sharp(png).resize({ width: 960 }).webp({ quality: 80 }).toBuffer();
  if (webp.length > README_BYTES_MAX) throw new Error(`${name} has ${webp.length} bytes`);
  const view = name.replace(/-(?:phone|desktop)-.*$/, '');
  await writeFile(join(README_FOLDER, `${view}.webp`), webp);
};

const folder = values.readme ? README_FOLDER : positionals[0];
if (folder === undefined) throw new Error('npm run screenshots -- FOLDER, or -- --readme');
await mkdir(folder, { recursive: true });
const browser = await startBrowser();
if (browser === undefined) throw new Error('no Chromium or Chrome found');
const directory = await mkdtemp(join(tmpdir(), 'moa-screenshots-'));
const service = await startService(directory);
const key = await loadSigningKey(directory);
const clientAs = async (role: 'service' | 'staff'): Promise<Client> =>
  createClient(
    service.url,
    await issueToken(key, { role, userId: 'screenshots', expiresInSeconds: 3_600 }),
  );
const stopReceiver = await addDestinations(await clientAs('staff'));
try {
  const shown = await fillViews(await clientAs('service'));
  const views = VIEWS.filter(({ name }) =>
    values.readme ? Object.hasOwn(README_PICTURES, name) : (values.only ?? name) === name,
  );
  const looks = LOOKS.filter(
    ({ locale, scheme }) => !values.readme || (locale === 'en' && scheme === 'light'),
  );
  const write = values.readme
    ? writeSmall
    : (name: string, png: Buffer) => writeFile(join(folder, `${name}.png`), png);
  for (const look of looks) {
    const seen = views.filter(({ name }) => !values.readme || README_PICTURES[name] === look.size);
    await shoot(browser, { url: service.url, shown, views: seen }, look, write);
    console.log(`${look.size}, ${look.locale}, ${look.scheme}`);
  }
} finally {
  await browser.close();
  await stopReceiver();
  await service.stop();
  await rm(directory, { recursive: true, force: true });
}
