import type { Page } from 'playwright-core';
import { expectStatus, type Client } from './api-calls.ts';

/** What the pages of the sample users show. */
export interface Shown {
  readonly productId: string;
  readonly soldOutId: string;
  /** A paid order with a refund. */
  readonly paid: string;
  /** An order that waits for payment. */
  readonly pending: string;
}

const CUSTOMER = 'demo';

/** Gives the sample customer a cart and orders. */
export const fillViews = async (api: Client): Promise<Shown> => {
  const add = async (name: string, price: number, stock: number): Promise<string> =>
    String(
      expectStatus(201, await api.post('/v1/products', { name, price, stock })).body['productId'],
    );
  const place = async (path: string, productId: string, quantity: number): Promise<string> => {
    const order = { userId: CUSTOMER, items: [{ productId, quantity }] };
    return String(expectStatus(201, await api.post(path, order)).body['orderId']);
  };
  expectStatus(201, await api.post(`/v1/users/${CUSTOMER}/wallet/charges`, { amount: 90_000 }));
  const productId = await add('Moon jar', 12_000, 7);
  const soldOutId = await add('Gone', 500, 0);
  const paid = await place('/v1/checkout', productId, 2);
  const refund = { items: [{ productId, quantity: 1 }] };
  expectStatus(201, await api.post(`/v1/orders/${paid}/refunds`, refund));
  const pending = await place('/v1/orders', productId, 1);
  const cart = `/v1/users/${CUSTOMER}/cart/items`;
  expectStatus(200, await api.put(`${cart}/${productId}`, { quantity: 1 }));
  return { productId, soldOutId, paid, pending };
};

/** A page in a state. */
export interface View {
  readonly name: string;
  readonly as: 'visitor' | 'customer' | 'operator';
  readonly path: (shown: Shown) => string;
  /** Brings the page into the state, in any language. */
  readonly act?: (page: Page) => Promise<unknown>;
}

const PAGES: readonly (readonly [View['as'], string, string | View['path']])[] = [
  ['visitor', 'home', '/'],
  ['visitor', 'search', '/?query=jar'],
  ['visitor', 'search-nothing', '/?query=zzzz'],
  ['visitor', 'product', ({ productId }) => `/products/${productId}`],
  ['visitor', 'product-sold-out', ({ soldOutId }) => `/products/${soldOutId}`],
  ['visitor', 'product-unknown', '/products/0197a3c0-5d00-7000-8000-00000000abcd'],
  ['visitor', 'sign-in', '/sign-in'],
  ['visitor', 'sign-up', '/sign-up'],
  ['visitor', 'not-found', '/nowhere'],
  ['customer', 'cart', '/cart'],
  ['customer', 'checkout', '/checkout'],
  ['customer', 'checkout-short', ({ productId }) => `/checkout?product=${productId}&quantity=7`],
  ['customer', 'wallet', '/wallet'],
  ['customer', 'orders', '/orders'],
  ['customer', 'orders-none', '/orders?status=expired'],
  ['customer', 'order-paid', ({ paid }) => `/orders/${paid}`],
  ['customer', 'order-pending', ({ pending }) => `/orders/${pending}`],
  ['customer', 'console-refused', '/console'],
  ['operator', 'console-today', '/console'],
  ['operator', 'console-orders', '/console/orders'],
  ['operator', 'console-order', ({ paid }) => `/console/orders?order=${paid}`],
  ['operator', 'console-products', '/console/products'],
  ['operator', 'console-wallets', '/console/wallets'],
  ['operator', 'console-delivery', '/console/delivery'],
  ['operator', 'console-proof', '/console/proof'],
  ['operator', 'console-settings', '/console/settings'],
];

const STATES: readonly View[] = [
  {
    name: 'sign-up-complaints',
    as: 'visitor',
    path: () => '/sign-up',
    act: (page) => page.locator('form button[type=submit]').click(),
  },
  {
    name: 'menu-of-account',
    as: 'customer',
    path: () => '/',
    act: async (page) => {
      await page.getByRole('button', { name: /Sample Customer/ }).click();
      await page.getByRole('menu').waitFor();
    },
  },
  {
    name: 'drawer-of-cart',
    as: 'customer',
    path: ({ productId }) => `/products/${productId}`,
    act: async (page) => {
      // On a phone, the cart is a page.
      await page.locator('a[href="/cart"]:visible').first().click();
      await page
        .getByRole('button', { name: /Remove Moon jar|Moon jar 빼기/ })
        .first()
        .waitFor();
    },
  },
  {
    name: 'cancellation',
    as: 'customer',
    path: ({ pending }) => `/orders/${pending}`,
    act: (page) => page.getByRole('button', { name: /^(?:Cancel|취소)$/ }).click(),
  },
];

/** Every page, and what opens on it. */
export const VIEWS: readonly View[] = [
  ...PAGES.map(([as, name, path]) => ({
    as,
    name,
    path: typeof path === 'string' ? () => path : path,
  })),
  ...STATES,
];

/** Opens a view and waits until it has read what it shows. */
export const openView = async (page: Page, view: View, shown: Shown): Promise<void> => {
  await page.goto(view.path(shown));
  await page.getByRole('main').waitFor();
  await page.locator('h1, h2').first().waitFor({ state: 'attached' });
  await page
    .locator('[aria-busy=true], .mantine-Skeleton-root')
    .first()
    .waitFor({ state: 'detached' });
  await view.act?.(page);
};
