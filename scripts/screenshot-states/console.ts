import { press, pressEach, tab, dialog, withoutItems, localNow, type State } from './state.ts';

const REFUND = [
  ['Refund…', '환불하기…'],
  ['All$', '전부$'],
] as const;

/** States of the console's lists, panels and dialogs. */
export const CONSOLE_STATES: readonly State[] = [
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
