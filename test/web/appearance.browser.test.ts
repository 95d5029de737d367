import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { expectStatus } from '../support/api-calls.ts';
import { DESKTOP, errorsOf, needsBrowser, PATIENCE_MS, PHONE } from '../support/browser.ts';
import { assertInvariants } from '../support/database.ts';
import { isThorough } from '../support/seed.ts';
import { signInAs } from '../support/shopper.ts';
import { fillViews, openView, VIEWS, type Shown, type View } from '../support/views.ts';
import { useWebShop } from '../support/web-shop.ts';

const shop = useWebShop();
afterAll(() => assertInvariants(shop().databaseUrl));

/** Names of people, of the shop and of a language, which are the same in both languages. */
const NAMES = [
  'Sample Customer',
  'Sample Operator',
  'Kim Moa',
  '김모아',
  'Moa 모아',
  '모아',
  '한국어',
];

/** What all views share. */
interface Prepared {
  readonly shown: Shown;
  /** Texts of products, which have the language of the shop. */
  readonly texts: readonly string[];
}

interface Window {
  readonly page: Page;
  /** Errors in its console that no test has seen yet. */
  readonly errors: string[];
}

type Locale = 'ko-KR' | 'en-US';

let prepared: Prepared | undefined;
const windows = new Map<string, Promise<Window>>();

const prepare = async (): Promise<Prepared> => {
  const { api } = shop();
  const shown = await fillViews(api);
  const { body } = expectStatus(200, await api.get('/v1/products?limit=100'));
  const products: readonly { name: string; description: string | null }[] = body['items'] ?? [];
  return { shown, texts: products.flatMap(({ name, description }) => [name, description ?? name]) };
};

/** One window for all views of a person and a language: a context for each would cost as much. */
const openWindow = async (as: View['as'], locale: Locale): Promise<Window> => {
  const { browser, url } = shop();
  const context = await browser.newContext({ baseURL: url, locale, reducedMotion: 'reduce' });
  context.setDefaultTimeout(PATIENCE_MS);
  const errors = errorsOf(context);
  if (as !== 'visitor') await signInAs(shop(), context, as);
  return { page: await context.newPage(), errors };
};

const windowOf = (as: View['as'], locale: Locale): Promise<Window> => {
  const key = `${as} ${locale}`;
  const opened = windows.get(key) ?? openWindow(as, locale);
  windows.set(key, opened);
  return opened;
};

beforeEach(async (context) => {
  needsBrowser(context);
  prepared ??= await prepare();
});

const preparedHere = (): Prepared => {
  if (prepared === undefined) throw new Error('the views are not prepared');
  return prepared;
};

/** What axe finds that is serious or critical, by WCAG 2.2 A and AA. */
const findHarm = async (page: Page): Promise<string[]> => {
  // Without it, each look opens a second page; the pages have no frames of other origins.
  const axe = new AxeBuilder({ page }).setLegacyMode().options({ resultTypes: ['violations'] });
  const { violations } = await axe.withTags(WCAG).analyze();
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(
      ({ id, nodes }) =>
        `${id}: ${nodes.map(({ html, failureSummary }) => `${html} ${failureSummary}`).join('\n')}`,
    );
};

const WCAG = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

/** Everything that is read or read out, without the names of products and people. */
const wordsOf = async (page: Page): Promise<string> => {
  const words = await page.evaluate<string[]>(`[
    document.body.innerText,
    ...Array.from(document.querySelectorAll('[aria-label]'), (each) =>
      each.lang === '' || each.lang === document.documentElement.lang
        ? each.getAttribute('aria-label')
        : '',
    ),
    ...Array.from(document.querySelectorAll('[placeholder]'), (each) => each.placeholder),
  ]`);
  return [...preparedHere().texts, ...NAMES]
    .toSorted((a, b) => b.length - a.length)
    .reduce((text, name) => text.replaceAll(name, ''), words.join('\n'));
};

const HANGUL = /[^\n]*[\u3131-\u318E\uAC00-\uD7A3][^\n]*/g;
/** English words in a row; one alone may be the name of a thing, such as "API". */
const ENGLISH = /[^\n]*\b[a-z]+ [a-z]{2,}\b[^\n]*/gi;

const overflowOf = (page: Page): Promise<number> =>
  page.evaluate(
    'Math.max(0, document.scrollingElement.scrollWidth - document.scrollingElement.clientWidth)',
  );

/** An unknown product, and the calls of staff. */
const EXPECTED = /status of 40[34]/;

/** The errors in a console since the last call. */
const takeErrors = ({ errors }: Window): string[] =>
  errors.splice(0).filter((text) => !EXPECTED.test(text));

/** Both schemes and both widths; the other two pairs of them are for a thorough run. */
const LOOKS = [
  { colorScheme: 'light', viewport: PHONE },
  { colorScheme: 'dark', viewport: DESKTOP },
  ...(isThorough
    ? [
        { colorScheme: 'light', viewport: DESKTOP } as const,
        { colorScheme: 'dark', viewport: PHONE } as const,
      ]
    : []),
] as const;

test.for(VIEWS)(
  '$name in Korean: no barrier in any look, no English, nothing too wide',
  async (view) => {
    const window = await windowOf(view.as, 'ko-KR');
    const { page } = window;
    // A page is loaded once and then looked at in other colours and widths.
    for (const { colorScheme, viewport } of LOOKS) {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize(viewport);
      if (colorScheme === LOOKS[0].colorScheme && viewport === LOOKS[0].viewport)
        await openView(page, view, preparedHere().shown);
      await page.locator(`html[data-mantine-color-scheme=${colorScheme}]`).waitFor();
      const look = `${colorScheme}, ${viewport.width} px`;
      const harm = await findHarm(page);
      const overflow = await overflowOf(page);
      const words = (await wordsOf(page)).match(ENGLISH);
      expect({ look, harm, overflow, words }).toEqual({ look, harm: [], overflow: 0, words: null });
    }
    expect(takeErrors(window)).toEqual([]);
  },
);

test.for(VIEWS)('$name in English: no word of Korean, nothing too wide', async (view) => {
  const window = await windowOf(view.as, 'en-US');
  const { page } = window;
  await page.setViewportSize(DESKTOP);
  await openView(page, view, preparedHere().shown);
  const words = (await wordsOf(page)).match(HANGUL);
  expect({ words, overflow: await overflowOf(page) }).toEqual({ words: null, overflow: 0 });
  await page.setViewportSize(PHONE);
  expect(await overflowOf(page)).toBe(0);
  expect(takeErrors(window)).toEqual([]);
});
