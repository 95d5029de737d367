import { AxeBuilder } from '@axe-core/playwright';
import type { Cookie, Page } from 'playwright-core';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { expectStatus } from '../support/api-calls.ts';
import { DESKTOP, needsBrowser, PHONE, visit } from '../support/browser.ts';
import { assertInvariants } from '../support/database.ts';
import { signInAs } from '../support/shopper.ts';
import { fillViews, openView, VIEWS, type Shown, type View } from '../support/views.ts';
import { useWebShop } from '../support/web-shop.ts';

const shop = useWebShop();
afterAll(() => assertInvariants(shop().databaseUrl));

/** What all views share: data, the sessions of the sample users, names that are no words. */
interface Prepared {
  readonly shown: Shown;
  readonly cookies: Readonly<Record<View['as'], Cookie[]>>;
  readonly names: readonly string[];
}

let prepared: Prepared | undefined;

const prepare = async (): Promise<Prepared> => {
  const { api, browser, url } = shop();
  const shown = await fillViews(api);
  const cookiesOf = async (as: 'customer' | 'operator'): Promise<Cookie[]> => {
    const context = await browser.newContext({ baseURL: url });
    await signInAs(shop(), context, as);
    const cookies = await context.cookies();
    await context.close();
    return cookies;
  };
  const { body } = expectStatus(200, await api.get('/v1/products?limit=100'));
  const products: readonly { name: string; description: string | null }[] = body['items'] ?? [];
  return {
    shown,
    cookies: {
      visitor: [],
      customer: await cookiesOf('customer'),
      operator: await cookiesOf('operator'),
    },
    names: products.flatMap(({ name, description }) => [name, description ?? name]),
  };
};

beforeEach(async (context) => {
  needsBrowser(context);
  prepared ??= await prepare();
});

const preparedHere = (): Prepared => {
  if (prepared === undefined) throw new Error('the views are not prepared');
  return prepared;
};

/** What axe finds that is serious or critical (WCAG 2.2 A and AA, and best practices). */
const findHarm = async (page: Page): Promise<string[]> => {
  const { violations } = await new AxeBuilder({ page }).analyze();
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(
      ({ id, nodes }) =>
        `${id}: ${nodes.map(({ html, failureSummary }) => `${html} ${failureSummary}`).join('\n')}`,
    );
};

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
  return [...preparedHere().names, 'Sample Customer', 'Sample Operator', 'Moa 모아', '모아']
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

const PAIRS = [
  { locale: 'ko-KR', colorScheme: 'light', viewport: PHONE, foreign: ENGLISH },
  { locale: 'en-US', colorScheme: 'dark', viewport: DESKTOP, foreign: HANGUL },
] as const;

test.for(VIEWS)('$name: no barrier, nothing too wide, one language', async (view) => {
  const { browser, url } = shop();
  const { shown, cookies } = preparedHere();
  for (const { foreign, ...options } of PAIRS) {
    const { context, page, expectedErrors } = await visit(browser, url, options);
    // An unknown product, and the calls of staff.
    expectedErrors.push(/status of 40[34]/);
    await context.addCookies(cookies[view.as]);
    await openView(page, view, shown);
    const found = {
      harm: await findHarm(page),
      overflow: await overflowOf(page),
      foreign: (await wordsOf(page)).match(foreign),
    };
    const where = `${options.viewport.width} px`;
    expect({ where, ...found }).toEqual({
      where,
      harm: [],
      overflow: 0,
      foreign: null,
    });
  }
});
