import type { Page } from 'playwright-core';
import { afterAll, beforeEach, test } from 'vitest';
import { expectStatus } from '../support/api-calls.ts';
import { needsBrowser } from '../support/browser.ts';
import { assertInvariants } from '../support/database.ts';
import { addProduct, newShopper } from '../support/shopper.ts';
import { useWebShop } from '../support/web-shop.ts';

const shop = useWebShop();
beforeEach(needsBrowser);
afterAll(() => assertInvariants(shop().databaseUrl));

const BALANCE = 10_000;

const signOut = async (page: Page): Promise<void> => {
  await page.getByRole('button', { name: 'Account of Kim Moa' }).click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await page.getByRole('link', { name: 'Sign in' }).first().waitFor();
};

test('the home page stays live when the customer signs out on it', async () => {
  const productId = await addProduct(shop(), { name: 'Lamp', price: 1, stock: 5_008 });
  const { page, userId } = await newShopper(shop(), { balance: BALANCE });
  const buy = async (quantity: number): Promise<void> => {
    const order = { userId, items: [{ productId, quantity }] };
    expectStatus(201, await shop().api.post('/v1/checkout', order));
  };
  // More than any sample product has sold.
  await buy(5_000);
  await page.goto('/');
  const cards = page.getByRole('link', { name: 'Lamp' });
  await cards.filter({ hasText: '8 left' }).waitFor();
  await cards.filter({ hasText: '5,000 sold' }).waitFor();
  await signOut(page);
  await buy(1);
  await cards.filter({ hasText: '7 left' }).waitFor();
  await cards.filter({ hasText: '5,001 sold' }).waitFor();
});
