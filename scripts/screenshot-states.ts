import type { Page } from 'playwright-core';
import { PROBLEMS } from '../src/contract/index.ts';
import { expectStatus, type Client } from '../test/support/api-calls.ts';
import type { Shown, View } from '../test/support/views.ts';

/** Everything that the pictures show, besides what the tests of the pages see. */
export interface Pictured extends Shown {
  readonly refunded: string;
  readonly cancelled: string;
  /** An order that was not paid in time. */
  readonly expired: string;
  /** A product whose price rises and falls again. */
  readonly risingId: string;
  /** A product that costs more than the sample customer has. */
  readonly dearId: string;
  /** Destinations: the first takes all events, the second refuses them. */
  readonly destinations: readonly [string, string];
}

/** A page in a state that only a picture needs. */
export interface State extends Omit<View, 'as' | 'path' | 'act'> {
  /** A newcomer has signed up and done nothing yet; the collector has a cart with changes. */
  readonly as: View['as'] | 'newcomer' | 'collector';
  readonly path: (shown: Pictured) => string;
  /** Prepares the data, or what the page will be answered. */
  readonly before?: (page: Page, tools: Tools) => Promise<unknown>;
  /** Brings the page into the state, in any language. */
  readonly act?: (page: Page, tools: Tools) => Promise<unknown>;
}

export interface Tools {
  readonly api: Client;
  readonly shown: Pictured;
}

const PRICE = 9_000;
const TRACE_ID = '4bf92f3577b34da6a3ce929d0e0e4736';
const setPrice = async ({ api }: Tools, productId: string, price: number): Promise<unknown> =>
  expectStatus(200, await api.patch(`/v1/products/${productId}`, { price }));

/** Presses the first button with one of the names. */
const press = (page: Page, ...names: readonly string[]): Promise<void> =>
  page
    .getByRole('button', { name: new RegExp(`^(?:${names.join('|')})`) })
    .first()
    .click();

const pressEach = async (page: Page, ...steps: readonly (readonly string[])[]): Promise<void> => {
  for (const names of steps) await press(page, ...names);
};

const pay = (page: Page): Promise<void> => press(page, 'Pay ', '[0-9,]+원 결제하기');

const tab = (page: Page, ...names: readonly string[]): Promise<void> =>
  page.getByRole('tab', { name: new RegExp(names.join('|')) }).click();

const dialog = (page: Page): Promise<void> => page.getByRole('dialog').waitFor();

const failing = (page: Page, path: string): Promise<unknown> =>
  page.route(path, (route) =>
    route.fulfill({
      status: 500,
      contentType: 'application/problem+json',
      json: { code: 'internal_error', ...PROBLEMS.internal_error, traceId: TRACE_ID },
    }),
  );

/** For a field of date and time; the browser has the time zone of this machine. */
const localNow = (): string => {
  const minutes = new Date().getTimezoneOffset();
  return new Date(Date.now() - minutes * 60_000).toISOString().slice(0, 16);
};

/** Answers reads with a list of nothing. */
const withoutItems = (page: Page, path: string): Promise<unknown> =>
  page.route(path, (route) => route.fulfill({ json: { items: [], nextCursor: null, total: 0 } }));

const overloaded = (page: Page, path: string): Promise<unknown> =>
  page.route(path, (route) =>
    route.fulfill({
      status: 503,
      contentType: 'application/problem+json',
      headers: { 'retry-after': '5' },
      json: {
        code: 'overloaded',
        ...PROBLEMS.overloaded,
        traceId: TRACE_ID,
      },
    }),
  );

const REFUND = [
  ['Refund…', '환불하기…'],
  ['All$', '전부$'],
] as const;

/** States of the shop. */
const SHOP: readonly State[] = [
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

/** States of the console's lists, panels and dialogs. */
const CONSOLE: readonly State[] = [
  {
    name: 'console-orders-none',
    as: 'operator',
    path: () => '/console/orders?status=expired&user=nobody',
  },
  {
    name: 'console-order-refund',
    as: 'operator',
    path: ({ paid }) => `/console/orders?order=${paid}`,
    act: (page) => pressEach(page, ...REFUND),
  },
  {
    name: 'console-order-refund-asked',
    as: 'operator',
    path: ({ paid }) => `/console/orders?order=${paid}`,
    act: async (page) => {
      await pressEach(page, ...REFUND, ['Refund ₩', '[0-9,]+원 환불하기…']);
      await dialog(page);
    },
  },
  {
    name: 'console-order-pending',
    as: 'operator',
    path: ({ pending }) => `/console/orders?order=${pending}`,
  },
  {
    name: 'console-order-cancellation',
    as: 'operator',
    path: ({ pending }) => `/console/orders?order=${pending}`,
    act: async (page) => {
      await press(page, 'Cancel the order…', '주문 취소하기…');
      await dialog(page);
    },
  },
  {
    name: 'console-products-archived',
    as: 'operator',
    path: () => '/console/products?status=archived',
  },
  {
    name: 'console-product',
    as: 'operator',
    path: ({ productId }) => `/console/products?product=${productId}`,
    act: async (page) => {
      await page.locator('aside input[type=datetime-local]').fill(localNow());
      await press(page, 'Show', '보기');
    },
  },
  {
    name: 'console-product-edit',
    as: 'operator',
    path: ({ productId }) => `/console/products?product=${productId}`,
    act: (page) => press(page, 'Edit', '고치기'),
  },
  {
    name: 'console-product-stock',
    as: 'operator',
    path: ({ productId }) => `/console/products?product=${productId}`,
    act: (page) => press(page, 'Adjust the stock', '재고 조정'),
  },
  {
    name: 'console-product-archive',
    as: 'operator',
    path: ({ productId }) => `/console/products?product=${productId}`,
    act: async (page) => {
      await press(page, 'Archive…', '보관하기…');
      await dialog(page);
    },
  },
  {
    name: 'console-product-new',
    as: 'operator',
    path: () => '/console/products?product=new',
    act: (page) => page.locator('aside form button[type=submit]').click(),
  },
  { name: 'console-wallet', as: 'operator', path: () => '/console/wallets?user=demo' },
  {
    name: 'console-wallet-explained',
    as: 'operator',
    path: () => '/console/wallets?user=demo',
    act: async (page) => {
      await page.locator('aside input[type=datetime-local]').fill(localNow());
      await press(page, 'Show', '보기');
    },
  },
  {
    name: 'console-wallet-charge',
    as: 'operator',
    path: () => '/console/wallets?user=demo',
    act: async (page) => {
      await press(page, 'Charge…', '충전하기…');
      await page.locator('aside form input').first().fill('30000');
    },
  },
  {
    name: 'console-wallet-charge-asked',
    as: 'operator',
    path: () => '/console/wallets?user=demo',
    act: async (page) => {
      await press(page, 'Charge…', '충전하기…');
      await page.locator('aside form input').first().fill('30000');
      await press(page, 'Charge ₩', '[0-9,]+원 충전하기');
      await dialog(page);
    },
  },
  {
    name: 'console-wallet-erase',
    as: 'operator',
    path: () => '/console/wallets?user=demo',
    act: async (page) => {
      await press(page, 'Erase the profile…', '개인 정보 지우기…');
      await dialog(page);
    },
  },
  {
    name: 'console-delivery-none',
    as: 'operator',
    path: () => '/console/delivery',
    before: (page) => withoutItems(page, '**/v1/destinations?*'),
  },
  {
    name: 'console-destination',
    as: 'operator',
    path: ({ destinations: [taken] }) => `/console/delivery?destination=${taken}`,
    act: (page) => press(page, 'Send a test event', '시험 이벤트 보내기'),
  },
  {
    name: 'console-destination-refused',
    as: 'operator',
    path: ({ destinations: [, refused] }) => `/console/delivery?destination=${refused}`,
  },
  {
    name: 'console-dead-letters',
    as: 'operator',
    path: ({ destinations: [, refused] }) => `/console/delivery?destination=${refused}`,
    act: (page) => tab(page, 'Dead letters', '보내지 못함'),
  },
  {
    name: 'console-resend-all',
    as: 'operator',
    path: ({ destinations: [, refused] }) => `/console/delivery?destination=${refused}`,
    act: async (page) => {
      await tab(page, 'Dead letters', '보내지 못함');
      await press(page, 'Resend all', '[0-9]+개 모두 다시');
      await dialog(page);
    },
  },
  {
    name: 'console-resend-range',
    as: 'operator',
    path: ({ destinations: [, refused] }) => `/console/delivery?destination=${refused}`,
    act: async (page) => {
      await tab(page, 'Resend a range', '기간 다시 보내기');
      await pressEach(page, ['Last hour', '최근 1시간'], ['Count the events', '이벤트 세어 보기']);
      await page
        .locator('aside output')
        .getByText(/event|이벤트/)
        .first()
        .waitFor();
    },
  },
  {
    name: 'console-destination-new',
    as: 'operator',
    path: () => '/console/delivery',
    act: async (page) => {
      await press(page, 'New destination', '전송 대상 추가');
      await dialog(page);
    },
  },
  {
    name: 'console-destination-change',
    as: 'operator',
    path: ({ destinations: [taken] }) => `/console/delivery?destination=${taken}`,
    act: async (page) => {
      await press(page, 'Change…', '바꾸기…');
      await dialog(page);
    },
  },
  {
    name: 'console-destination-delete',
    as: 'operator',
    path: ({ destinations: [, refused] }) => `/console/delivery?destination=${refused}`,
    act: async (page) => {
      await press(page, 'Delete…', '지우기…');
      await dialog(page);
    },
  },
  { name: 'console-proof', as: 'operator', path: () => '/console/proof' },
  {
    name: 'console-search',
    as: 'operator',
    path: () => '/console',
    act: async (page) => {
      await page.keyboard.press('Control+k');
      await page
        .getByRole('dialog')
        .getByRole('combobox')
        .or(page.getByRole('dialog').getByRole('textbox'))
        .first()
        .fill('jar');
      await page.getByRole('option', { name: /Moon jar/ }).waitFor();
    },
  },
  {
    name: 'console-key-new',
    as: 'operator',
    path: () => '/console/settings',
    act: async (page) => {
      await press(page, 'Make a key', '키 만들기');
      await dialog(page);
    },
  },
];

export const STATES: readonly State[] = [...SHOP, ...CONSOLE];

/** An order that is not paid in time; the service must reserve for a moment only. */
export const placeExpired = async (api: Client): Promise<string> => {
  const { body } = expectStatus(
    201,
    await api.post('/v1/products', { name: 'Brush', price: 2_000, stock: 3 }),
  );
  const items = [{ productId: String(body['productId']), quantity: 1 }];
  const order = { userId: 'demo', items };
  return String(expectStatus(201, await api.post('/v1/orders', order)).body['orderId']);
};

/** Adds what only the pictures show. */
export const fillStates = async (
  api: Client,
  shown: Shown & Pick<Pictured, 'expired' | 'destinations'>,
): Promise<Pictured> => {
  const add = async (name: string, price: number, stock: number): Promise<string> =>
    String(
      expectStatus(201, await api.post('/v1/products', { name, price, stock })).body['productId'],
    );
  const place = async (path: string, productId: string): Promise<string> => {
    const order = { userId: 'demo', items: [{ productId, quantity: 1 }] };
    return String(expectStatus(201, await api.post(path, order)).body['orderId']);
  };
  const risingId = await add('Tea from the southern slopes of Jirisan, 100 g', PRICE, 900);
  const dearId = await add('Celadon vase', 450_000, 3);
  const refunded = await place('/v1/checkout', risingId);
  const refund = { items: [{ productId: risingId, quantity: 1 }] };
  expectStatus(201, await api.post(`/v1/orders/${refunded}/refunds`, refund));
  const cancelled = await place('/v1/orders', risingId);
  expectStatus(201, await api.post(`/v1/orders/${cancelled}/cancellation`, {}));
  return { ...shown, risingId, dearId, refunded, cancelled };
};

/** Fills a cart with a price that has risen, too many of one product and one that is gone. */
export const fillCollection = async ({ api, shown }: Tools, userId: string): Promise<void> => {
  const { risingId, dearId, productId, soldOutId } = shown;
  await api.put(`/v1/users/${userId}`, {});
  await setPrice({ api, shown }, risingId, PRICE);
  for (const [id, quantity] of [
    [risingId, 2],
    [dearId, 9],
    [productId, 1],
    [soldOutId, 1],
  ] as const)
    expectStatus(200, await api.put(`/v1/users/${userId}/cart/items/${id}`, { quantity }));
};
