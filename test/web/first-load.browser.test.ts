import { beforeEach, expect, test } from 'vitest';
import { DESKTOP, needsBrowser, PHONE, visit } from '../support/browser.ts';
import { measureLoad } from '../support/first-load.ts';
import { waitUntil } from '../support/wait.ts';
import { useWebShop } from '../support/web-shop.ts';

const shop = useWebShop();
beforeEach(needsBrowser);

test('the shop opens in the language and the colours of the browser', async () => {
  const { url, browser } = shop();
  for (const [locale, lang] of [
    ['ko-KR', 'ko'],
    ['en-US', 'en'],
  ] as const) {
    for (const colorScheme of ['light', 'dark'] as const) {
      const { page } = await visit(browser, url, { locale, colorScheme });
      await page.goto('/');
      await page.getByRole('main').waitFor();
      const root = page.locator('html');
      expect(await root.getAttribute('lang')).toBe(lang);
      expect(await root.getAttribute('data-mantine-color-scheme')).toBe(colorScheme);
    }
  }
});

/** Scripts and styles as they are sent; a slow phone network takes a second for them. */
const BYTES_MAX = 170_000;
/** A fifth of what web.dev calls good ("Cumulative Layout Shift"). */
const SHIFT_MAX = 0.02;

test('the first page is small, and nothing on it jumps', async () => {
  const { url, browser } = shop();
  for (const viewport of [PHONE, DESKTOP]) {
    const { page } = await visit(browser, url, { viewport });
    const load = await measureLoad(page, '/');
    expect(load.bytes).toBeGreaterThan(0);
    expect(load.bytes).toBeLessThanOrEqual(BYTES_MAX);
    expect(load.shift).toBeLessThanOrEqual(SHIFT_MAX);
    // What is seen last was asked for at once.
    expect(load.largest).toMatchObject({ loading: expect.not.stringMatching('lazy') });
  }
});

test('what the first page shows is asked for once, before the application is there', async () => {
  const { url, browser } = shop();
  const { page } = await visit(browser, url, {});
  const isRead = (path: string): boolean => /^\/v1\/(?:best-sellers|products)\b/.test(path);
  const asked: string[] = [];
  const pictures: string[] = [];
  page.on('request', (request) => {
    const { pathname } = new URL(request.url());
    if (isRead(pathname)) asked.push(pathname);
    if (pathname.startsWith('/v1/images/')) pictures.push(request.url());
  });
  await page.route('**/assets/main-*.js', async (route) => {
    await waitUntil(() => asked.length === 2 && pictures.length > 0, 'the first reads');
    await route.continue();
  });
  // A picture that still loads is shared; this routing turns the browser's cache off.
  const { promise: isShown, resolve: show } = Promise.withResolvers<void>();
  await page.route('**/v1/images/**', (route) => isShown.then(() => route.continue()));
  // The event `load` waits for the pictures.
  await page.goto('/', { waitUntil: 'commit' });
  await page.getByRole('main').waitFor();
  await page.locator('[aria-busy=true]').first().waitFor({ state: 'detached' });
  await page.locator('main img').first().waitFor({ state: 'attached' });
  show();
  await page.waitForLoadState('load');
  expect(asked.toSorted()).toEqual(['/v1/best-sellers', '/v1/products']);
  expect(pictures.length).toBe(new Set(pictures).size);
});
