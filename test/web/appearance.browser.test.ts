import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';
import { afterAll, beforeEach, expect, onTestFinished, test } from 'vitest';
import { expectStatus } from '../support/api-calls.ts';
import { DESKTOP, errorsOf, needsBrowser, PATIENCE_MS, PHONE } from '../support/browser.ts';
import { assertInvariants } from '../support/database.ts';
import { isThorough } from '../support/seed.ts';
import { signInAs } from '../support/shopper.ts';
import { fillViews, openView, VIEWS, type Shown, type View } from '../support/views.ts';
import { waitUntil } from '../support/wait.ts';
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

let prepared: Prepared | undefined;
const windows = new Map<View['as'], Promise<Window>>();
afterAll(async () => {
  for (const window of windows.values()) await (await window).page.context().close();
});

const prepare = async (): Promise<Prepared> => {
  const { api } = shop();
  const shown = await fillViews(api);
  const { body } = expectStatus(200, await api.get('/v1/products?limit=100'));
  const products: readonly { name: string; description: string | null }[] = body['items'] ?? [];
  return { shown, texts: products.flatMap(({ name, description }) => [name, description ?? name]) };
};

/** One window for all views of a person: a context for each would cost as much. */
const openWindow = async (as: View['as']): Promise<Window> => {
  const { browser, url } = shop();
  const context = await browser.newContext({
    baseURL: url,
    locale: 'ko-KR',
    reducedMotion: 'reduce',
  });
  context.setDefaultTimeout(PATIENCE_MS);
  const errors = errorsOf(context);
  if (as !== 'visitor') await signInAs(shop(), context, as);
  return { page: await context.newPage(), errors };
};

const windowOf = (as: View['as']): Promise<Window> => {
  const opened = windows.get(as) ?? openWindow(as);
  windows.set(as, opened);
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

/** Of axe, whose half a megabyte a page has since it was looked at first. */
const NO_SOURCE = ';';

/** What axe finds that is serious or critical, by WCAG 2.2 A and AA. */
const findHarm = async (page: Page): Promise<string[]> => {
  const source = (await page.evaluate('"axe" in window')) ? { axeSource: NO_SOURCE } : {};
  // Without it, each look opens a second page; the pages have no frames of other origins.
  const axe = new AxeBuilder({ page, ...source })
    .setLegacyMode()
    .options({ resultTypes: ['violations'] });
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

/** An unknown product, the calls of staff, and a service that was slow to look at itself. */
const EXPECTED = /status of 40[34]|status of 503 .*\/readyz$/;

/** The errors in a console since the last call. */
const takeErrors = ({ errors }: Window): string[] =>
  errors.splice(0).filter((text) => !EXPECTED.test(text));

/** Until the colours of another scheme have faded in; an endless animation never ends. */
const untilStill = (page: Page): Promise<void> =>
  page.evaluate(`Promise.all(
    document.getAnimations()
      .filter(({ effect }) => effect.getComputedTiming().endTime !== Infinity)
      .map(({ finished }) => finished.catch(() => undefined)),
  ).then(() => undefined)`);

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

/** Views without the switch of the language. */
const LOADED_AGAIN = new Set(['not-found', 'console-refused']);

const CHOOSE_ENGLISH = `localStorage.setItem('moa:locale', 'en')`;
const CHOOSE_NOTHING = `localStorage.removeItem('moa:locale')`;

/** Shows the view in English: by the switch, which closes nothing that is open on the page. */
const switchToEnglish = async (page: Page, view: View): Promise<void> => {
  onTestFinished(() => page.evaluate(CHOOSE_NOTHING));
  if (LOADED_AGAIN.has(view.name)) {
    await page.evaluate(CHOOSE_ENGLISH);
    await openView(page, view, preparedHere().shown);
  } else {
    // An open dialog covers it, and a narrow page may hide it.
    await page.getByTitle('View in English').first().dispatchEvent('click');
    await page.getByTitle('한국어로 보기').first().waitFor({ state: 'attached' });
  }
  expect(await page.locator('html').getAttribute('lang')).toBe('en');
};

test.for(VIEWS)(
  '$name: no barrier in any look, no word of another language, nothing too wide',
  async (view) => {
    const window = await windowOf(view.as);
    const { page } = window;
    // A page is loaded once and then looked at in other colours and widths, and in English.
    for (const { colorScheme, viewport } of LOOKS) {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize(viewport);
      if (colorScheme === LOOKS[0].colorScheme && viewport === LOOKS[0].viewport)
        await openView(page, view, preparedHere().shown);
      await page.locator(`html[data-mantine-color-scheme=${colorScheme}]`).waitFor();
      await untilStill(page);
      const look = `${colorScheme}, ${viewport.width} px`;
      const harm = await findHarm(page);
      const overflow = await overflowOf(page);
      const words = (await wordsOf(page)).match(ENGLISH);
      expect({ look, harm, overflow, words }).toEqual({ look, harm: [], overflow: 0, words: null });
    }

    await switchToEnglish(page, view);
    const words = (await wordsOf(page)).match(HANGUL);
    expect({ words, overflow: await overflowOf(page) }).toEqual({ words: null, overflow: 0 });
    await page.setViewportSize(PHONE);
    // What a script places follows in the next frame.
    await waitUntil(async () => (await overflowOf(page)) === 0, `${view.name} without overflow`);
    expect(takeErrors(window)).toEqual([]);
  },
);
