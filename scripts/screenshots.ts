import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import sharp from 'sharp';
import { v7 } from 'uuid';
import { issueToken, loadSigningKey } from '../src/identity/index.ts';
import { expectStatus, type Client } from '../test/support/api-calls.ts';
import { startBrowser } from '../test/support/chromium.ts';
import { createClient } from '../test/support/client.ts';
import { fillViews, openView, VIEWS } from '../test/support/views.ts';
import { findAddress } from '../src/listening.ts';
import { CONSOLE_STATES } from './screenshot-states/console.ts';
import { fillCollection, fillStates, placeExpired } from './screenshot-states/fill.ts';
import { SHOP_STATES } from './screenshot-states/shop.ts';
import type { State, Tools } from './screenshot-states/state.ts';

/**
 * Makes a picture of every page and of its states, in both languages and schemes, of a phone and a
 * desktop, and of the console also of a tablet: `npm run screenshots -- FOLDER`. `--only NAME`
 * makes those of one page, `--look phone-ko` those of one look, and `--readme` those that the
 * README shows.
 */

const ROOT = new URL('..', import.meta.url).pathname;
const README_FOLDER = join(ROOT, 'docs/images');
/** Larger pictures would slow the README down. */
const README_BYTES_MAX = 120_000;
const README_PICTURES: Readonly<Record<string, Size>> = {
  home: 'desktop',
  checkout: 'phone',
  'console-today': 'desktop',
  'console-delivery': 'desktop',
};
/** A start on a new folder also installs PostgreSQL's files. */
const START_MAX_MS = 120_000;
/** Longer than a page takes on a busy machine; a state that cannot be reached is reported. */
const PAGE_MAX_MS = 20_000;
/** The longest page; a list that grows without end would end in a picture without end. */
const HEIGHT_MAX = 4_000;

const SIZES = {
  phone: { width: 360, height: 740 },
  tablet: { width: 768, height: 1_024 },
  desktop: { width: 1_280, height: 860 },
} as const;
const LOCALES = { ko: 'ko-KR', en: 'en-US' } as const;
const SCHEMES = ['light', 'dark'] as const;
const PEOPLE = ['visitor', 'newcomer', 'collector', 'customer', 'operator'] as const;

type Size = keyof typeof SIZES;
type Locale = keyof typeof LOCALES;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    readme: { type: 'boolean', default: false },
    only: { type: 'string' },
    look: { type: 'string', default: '' },
  },
});

/** Starts a service with sample products on a temporary folder. */
const startService = async (directory: string, settings: Readonly<Record<string, string>> = {}) => {
  const child = spawn(process.execPath, [join(ROOT, 'src/main.ts')], {
    env: {
      PATH: process.env['PATH'],
      PORT: '0',
      MOA_DATA_DIR: directory,
      MOA_RATE_LIMIT: 'off',
      MOA_WEBHOOK_ALLOW_PRIVATE: 'on',
      ...settings,
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
  const add = async (name: string, path: string): Promise<string> => {
    const url = `http://127.0.0.1:${port}/${path}`;
    const destination = { name, kind: 'webhook', url, secret: SECRET };
    const { body } = expectStatus(201, await api.post('/v1/destinations', destination));
    return String(body['destinationId']);
  };
  const destinations = [
    await add('Data platform', 'taken'),
    await add('Ledger', 'refused'),
  ] as const;
  const stop = async (): Promise<void> => {
    receiver.close();
    receiver.closeAllConnections();
    await once(receiver, 'close');
  };
  return { destinations, stop };
};

/** The pages that the tests see too, and the states that only pictures need. */
const ALL: readonly State[] = [
  ...VIEWS.map(({ act, ...view }) => ({ ...view, act: async (page: Page) => act?.(page) })),
  ...SHOP_STATES,
  ...CONSOLE_STATES,
];

const signIn = async (
  context: BrowserContext,
  { url, tools }: Shop,
  as: State['as'],
): Promise<void> => {
  if (as === 'visitor') return;
  const isSample = as === 'customer' || as === 'operator';
  const account = { name: 'Kim Moa', email: `${v7()}@shop.example`, password: v7() };
  const answer = await context.request.post(isSample ? '/auth/demo' : '/auth/sign-up/email', {
    headers: { origin: url },
    data: isSample ? { as } : account,
  });
  if (!answer.ok()) throw new Error(`signing in was answered ${await answer.text()}`);
  const { user } = (await answer.json()) as { readonly user: { readonly id: string } };
  if (as === 'collector') await fillCollection(tools, user.id);
};

/** Makes the window as high as what is shown, so that a picture leaves nothing out. */
const growWindow = async (page: Page, width: number, height: number): Promise<void> => {
  const needed = await page.evaluate<number>(`Math.max(
    document.documentElement.scrollHeight,
    ...Array.from(document.querySelectorAll('aside, [role=dialog]'), (each) =>
      Math.ceil(each.getBoundingClientRect().top + each.scrollHeight + 24)),
  )`);
  await page.setViewportSize({ width, height: Math.min(Math.max(needed, height), HEIGHT_MAX) });
};

interface Shop {
  readonly url: string;
  readonly tools: Tools;
}

interface Shot {
  readonly size: Size;
  readonly locale: Locale;
  readonly schemes: readonly (typeof SCHEMES)[number][];
  readonly states: readonly State[];
  readonly write: (name: string, png: Buffer) => Promise<void>;
}

/** Opens a state once and takes its pictures in each scheme. */
const shootState = async (page: Page, { tools }: Shop, state: State, shot: Shot): Promise<void> => {
  const { size, locale, schemes, write } = shot;
  await state.before?.(page, tools);
  const { name, act } = state;
  const view = {
    name,
    as: 'visitor' as const,
    path: () => state.path(tools.shown),
    act: async () => act?.(page, tools),
  };
  await openView(page, view, tools.shown);
  if (!values.readme) await growWindow(page, SIZES[size].width, SIZES[size].height);
  for (const colorScheme of schemes) {
    await page.emulateMedia({ colorScheme });
    await page.locator(`html[data-mantine-color-scheme=${colorScheme}]`).waitFor();
    await write(`${name}-${size}-${locale}-${colorScheme}`, await page.screenshot());
  }
  // A press that was not answered would be sent again by the next page.
  await page.evaluate('localStorage.clear()');
};

/** Takes the pictures of some states in a language and a size. */
const shoot = async (browser: Browser, shop: Shop, shot: Shot): Promise<void> => {
  const { size, locale, states } = shot;
  for (const as of PEOPLE) {
    const seen = states.filter((state) => state.as === as);
    if (seen.length === 0) continue;
    const context = await browser.newContext({
      baseURL: shop.url,
      locale: LOCALES[locale],
      viewport: SIZES[size],
      isMobile: size === 'phone',
      reducedMotion: 'reduce',
    });
    context.setDefaultTimeout(PAGE_MAX_MS);
    await signIn(context, shop, as);
    for (const state of seen) {
      const page = await context.newPage();
      try {
        await shootState(page, shop, state, shot);
      } catch (error) {
        process.exitCode = 1;
        console.error(`${state.name}, ${size}, ${locale}:`, error);
      }
      await page.close();
      await context.setOffline(false);
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
const clientAs = async (url: string, role: 'service' | 'staff'): Promise<Client> => {
  const key = await loadSigningKey(directory);
  const subject = { role, userId: 'screenshots', expiresInSeconds: 3_600 };
  return createClient(url, await issueToken(key, subject));
};
/** An order that has expired; the service reserves for a moment only. */
const makeExpired = async (): Promise<string> => {
  const hasty = await startService(directory, { MOA_RESERVATION_MINUTES: '0.01' });
  try {
    return await placeExpired(await clientAs(hasty.url, 'service'));
  } finally {
    await hasty.stop();
  }
};
const expired = await makeExpired();
const service = await startService(directory);
const { destinations, stop } = await addDestinations(await clientAs(service.url, 'staff'));
try {
  const api = await clientAs(service.url, 'service');
  const shown = await fillStates(api, { ...(await fillViews(api)), expired, destinations });
  const shop = { url: service.url, tools: { api, shown } };
  const write = values.readme
    ? writeSmall
    : (name: string, png: Buffer) => writeFile(join(folder, `${name}.png`), png);
  for (const size of ['phone', 'tablet', 'desktop'] as const)
    for (const locale of values.readme ? (['en'] as const) : (['ko', 'en'] as const)) {
      if (!`${size}-${locale}`.startsWith(values.look)) continue;
      const states = ALL.filter(({ name, as }) => {
        if (values.readme) return README_PICTURES[name] === size;
        return (values.only ?? name) === name && (size !== 'tablet' || as === 'operator');
      });
      const schemes = values.readme ? (['light'] as const) : SCHEMES;
      await shoot(browser, shop, { size, locale, schemes, states, write });
      console.log(`${size}, ${locale}`);
    }
} finally {
  await browser.close();
  await stop();
  await service.stop();
  await rm(directory, { recursive: true, force: true });
}
