import type { Browser, BrowserContext, Page } from 'playwright-core';
import { expect, onTestFinished, type TestContext } from 'vitest';
import { chromiumProgram } from './chromium.ts';

/** A hook for `beforeEach` that skips tests without a browser; fails in CI. */
export const needsBrowser = ({ task, skip }: TestContext): void => {
  if (chromiumProgram !== undefined) return;
  const reason = 'no Chromium or Chrome found; Debian: apt-get install chromium';
  if (process.env['CI']) throw new Error(reason);
  process.stdout.write(`not run: "${task.name}": ${reason}\n`);
  skip(reason);
};

export interface Visit {
  readonly locale?: 'ko-KR' | 'en-US';
  readonly colorScheme?: 'light' | 'dark';
  readonly viewport?: { readonly width: number; readonly height: number };
}

export const PHONE = { width: 360, height: 740 };
/** Longer than a page takes on a machine that runs other things too; nothing waits for it. */
export const PATIENCE_MS = 120_000;

export const DESKTOP = { width: 1_280, height: 860 };

/** The errors in the consoles of all pages from now on; the list grows. */
export const errorsOf = (context: BrowserContext): string[] => {
  const errors: string[] = [];
  context.on('page', (page) => {
    page.on('pageerror', (error) => errors.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error') errors.push(`${message.text()} ${message.location().url}`);
    });
  });
  return errors;
};

/** A visitor with cookies of their own; errors in their console fail the test at its end. */
export const visit = async (
  browser: Browser,
  url: string,
  { locale = 'ko-KR', colorScheme = 'light', viewport = DESKTOP }: Visit = {},
): Promise<{ context: BrowserContext; page: Page; expectedErrors: RegExp[] }> => {
  const context = await browser.newContext({ baseURL: url, locale, colorScheme, viewport });
  context.setDefaultTimeout(PATIENCE_MS);
  const errors = errorsOf(context);
  const expectedErrors: RegExp[] = [];
  onTestFinished(async () => {
    await context.close();
    const unexpected = errors.filter((text) => !expectedErrors.some((each) => each.test(text)));
    expect(unexpected).toEqual([]);
  });
  return { context, page: await context.newPage(), expectedErrors };
};
