import type { Page } from 'playwright-core';
import { PROBLEMS } from '../../src/contract/index.ts';
import { expectStatus, type Client } from '../../test/support/api-calls.ts';
import type { Shown, View } from '../../test/support/views.ts';

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

/** In won. */
export const PRICE = 9_000;
const TRACE_ID = '4bf92f3577b34da6a3ce929d0e0e4736';

/** Changes the price of a product to this many won. */
export const setPrice = async (
  { api }: Tools,
  productId: string,
  price: number,
): Promise<unknown> => expectStatus(200, await api.patch(`/v1/products/${productId}`, { price }));

/** Presses the first button with one of the names. */
export const press = (page: Page, ...names: readonly string[]): Promise<void> =>
  page
    .getByRole('button', { name: new RegExp(`^(?:${names.join('|')})`) })
    .first()
    .click();

/** Presses a button for each step. */
export const pressEach = async (
  page: Page,
  ...steps: readonly (readonly string[])[]
): Promise<void> => {
  for (const names of steps) await press(page, ...names);
};

/** Presses the button of the checkout. */
export const pay = (page: Page): Promise<void> => press(page, 'Pay ', '[0-9,]+원 결제하기');

/** Opens the tab with one of the names. */
export const tab = (page: Page, ...names: readonly string[]): Promise<void> =>
  page.getByRole('tab', { name: new RegExp(names.join('|')) }).click();

/** Waits for a dialog. */
export const dialog = (page: Page): Promise<void> => page.getByRole('dialog').waitFor();

/** Answers reads with a fault of the service. */
export const failing = (page: Page, path: string): Promise<unknown> =>
  page.route(path, (route) =>
    route.fulfill({
      status: 500,
      contentType: 'application/problem+json',
      json: { code: 'internal_error', ...PROBLEMS.internal_error, traceId: TRACE_ID },
    }),
  );

/** For a field of date and time; the browser has the time zone of this machine. */
export const localNow = (): string => {
  const minutes = new Date().getTimezoneOffset();
  return new Date(Date.now() - minutes * 60_000).toISOString().slice(0, 16);
};

/** Answers reads with a list of nothing. */
export const withoutItems = (page: Page, path: string): Promise<unknown> =>
  page.route(path, (route) => route.fulfill({ json: { items: [], nextCursor: null, total: 0 } }));

/** Answers calls as a service that is overloaded. */
export const overloaded = (page: Page, path: string): Promise<unknown> =>
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
