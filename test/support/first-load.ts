import type { Page } from 'playwright-core';
import { waitUntil } from './wait.ts';

/** What opening a page cost. */
export interface Load {
  /** Compressed scripts and styles, with their headers. */
  readonly bytes: number;
  /** Cumulative layout shift (https://wicg.github.io/layout-instability). */
  readonly shift: number;
  /** The largest contentful paint. */
  readonly largest: {
    readonly milliseconds: number;
    readonly element: string;
    readonly loading: string;
  };
}

const OBSERVE = `
  window.moaLoad = { shift: 0, largest: undefined };
  new PerformanceObserver((list) => {
    for (const each of list.getEntries()) if (!each.hadRecentInput) moaLoad.shift += each.value;
  }).observe({ type: 'layout-shift', buffered: true });
  new PerformanceObserver((list) => {
    const last = list.getEntries().at(-1);
    moaLoad.largest = {
      milliseconds: Math.round(last.startTime),
      element: last.element?.tagName ?? '',
      loading: last.element?.loading ?? '',
    };
  }).observe({ type: 'largest-contentful-paint', buffered: true });
`;

const IS_THERE = `moaLoad.largest !== undefined &&
  Array.from(document.images).every((each) => each.complete || each.loading === 'lazy')`;

const MEASURED = new Set(['Script', 'Stylesheet']);

/** Opens a page with an empty cache and waits until it and its pictures are there. */
export const measureLoad = async (page: Page, path: string): Promise<Load> => {
  const network = await page.context().newCDPSession(page);
  await network.send('Network.enable');
  const measured = new Set<string>();
  let bytes = 0;
  network.on('Network.responseReceived', ({ requestId, type }) => {
    if (MEASURED.has(type)) measured.add(requestId);
  });
  network.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    if (measured.has(requestId)) bytes += encodedDataLength;
  });
  await page.addInitScript(OBSERVE);
  await page.goto(path, { waitUntil: 'load' });
  await page.getByRole('main').waitFor();
  await page.locator('[aria-busy=true]').first().waitFor({ state: 'detached' });
  await page.evaluate('document.fonts.ready.then(() => undefined)');
  // Not by the page itself: its Content-Security-Policy lets it evaluate nothing.
  await waitUntil(() => page.evaluate<boolean>(IS_THERE), 'the largest paint and the pictures');
  const seen = await page.evaluate<Omit<Load, 'bytes'>>('moaLoad');
  return { bytes, ...seen };
};
