import { beforeEach, expect, test } from 'vitest';
import { DESKTOP, needsBrowser, PHONE, visit } from '../support/browser.ts';
import { measureLoad } from '../support/first-load.ts';
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
