import { beforeEach, expect, test } from 'vitest';
import { needsBrowser, visit } from '../support/browser.ts';
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
