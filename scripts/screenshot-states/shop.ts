import {
  PRICE,
  setPrice,
  press,
  pay,
  withoutItems,
  failing,
  overloaded,
  type State,
} from './state.ts';

/** States of the shop. */
export const SHOP_STATES: readonly State[] = [
  {
    name: 'home-no-products',
    as: 'visitor',
    path: () => '/',
    before: async (page) => {
      await withoutItems(page, '**/v1/products?*');
      await withoutItems(page, '**/v1/best-sellers*');
    },
  },
  {
    name: 'home-failing',
    as: 'visitor',
    path: () => '/',
    before: (page) => failing(page, '**/v1/products?*'),
  },
  {
    name: 'home-offline',
    as: 'visitor',
    path: () => '/',
    act: (page) => page.context().setOffline(true),
  },
  {
    name: 'sign-in-refused',
    as: 'visitor',
    path: () => '/sign-in',
    act: async (page) => {
      await page.locator('input[name=email]').fill('kim.moa@shop.example');
      await page.locator('input[name=password]').fill('not the password');
      await page.locator('form button[type=submit]').click();
      await page.getByRole('alert').waitFor();
    },
  },
  { name: 'cart-empty', as: 'newcomer', path: () => '/cart' },
  { name: 'checkout-empty', as: 'newcomer', path: () => '/checkout' },
  { name: 'orders-none-expired', as: 'newcomer', path: () => '/orders?status=expired' },
  { name: 'orders-empty', as: 'newcomer', path: () => '/orders' },
  { name: 'wallet-empty', as: 'newcomer', path: () => '/wallet' },
  {
    name: 'cart-changed',
    as: 'collector',
    path: () => '/cart',
    before: (_page, tools) => setPrice(tools, tools.shown.risingId, PRICE + 500),
  },
  {
    name: 'checkout-dear',
    as: 'customer',
    path: ({ dearId }) => `/checkout?product=${dearId}&quantity=1`,
  },
  {
    name: 'checkout-price-risen',
    as: 'customer',
    path: ({ risingId }) => `/checkout?product=${risingId}&quantity=2`,
    before: (_page, tools) => setPrice(tools, tools.shown.risingId, PRICE),
    act: async (page, tools) => {
      await page.getByRole('button', { name: /18,000/ }).waitFor();
      await setPrice(tools, tools.shown.risingId, PRICE + 500);
      await page.getByRole('alert').waitFor();
    },
  },
  {
    name: 'checkout-queue',
    as: 'customer',
    path: () => '/checkout',
    before: (page) => overloaded(page, '**/v1/checkout'),
    act: async (page) => {
      await pay(page);
      await page.getByText(/in the queue|순서를 기다리고/).waitFor();
    },
  },
  {
    name: 'checkout-offline',
    as: 'customer',
    path: () => '/checkout',
    act: async (page) => {
      await page.getByRole('button', { name: /12,000/ }).waitFor();
      await page.context().setOffline(true);
      await pay(page);
      await page.getByText(/Waiting for the connection|연결을 기다리고/).waitFor();
    },
  },
  { name: 'order-refunded', as: 'customer', path: ({ refunded }) => `/orders/${refunded}` },
  { name: 'order-cancelled', as: 'customer', path: ({ cancelled }) => `/orders/${cancelled}` },
  { name: 'order-expired', as: 'customer', path: ({ expired }) => `/orders/${expired}` },
  {
    name: 'order-unknown',
    as: 'customer',
    path: () => '/orders/0197a3c0-5d00-7000-8000-00000000abcd',
  },
  {
    name: 'order-checked',
    as: 'customer',
    path: ({ paid }) => `/orders/${paid}`,
    act: async (page) => {
      await press(page, 'Check', '영수증 확인하기');
      await page.locator('[aria-busy=true], [data-loading]').first().waitFor({ state: 'detached' });
    },
  },
];
