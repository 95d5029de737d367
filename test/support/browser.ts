import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';
import { expect, onTestFinished, type TestContext } from 'vitest';
import { findProgram } from './find-program.ts';

/** Chromium or Chrome of the machine. */
const program = await findProgram(
  ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome', 'Google Chrome'],
  ['/Applications/Google Chrome.app/Contents/MacOS'],
);

/** A hook for `beforeEach` that skips tests without a browser; fails in CI. */
export const needsBrowser = ({ task, skip }: TestContext): void => {
  if (program !== undefined) return;
  const reason = 'no Chromium or Chrome found; Debian: apt-get install chromium';
  if (process.env['CI']) throw new Error(reason);
  process.stdout.write(`not run: "${task.name}": ${reason}\n`);
  skip(reason);
};

const OPTIONS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Starts a browser, which is shared by the tests of a file. */
export const startBrowser = async (): Promise<Browser | undefined> =>
  program === undefined ? undefined : chromium.launch({ executablePath: program, args: OPTIONS });

export interface Visit {
  readonly locale?: 'ko-KR' | 'en-US';
  readonly colorScheme?: 'light' | 'dark';
  readonly viewport?: { readonly width: number; readonly height: number };
}

export const PHONE = { width: 360, height: 740 };
export const DESKTOP = { width: 1_280, height: 860 };

/** A visitor with cookies of their own; errors in their console fail the test at its end. */
export const visit = async (
  browser: Browser,
  url: string,
  { locale = 'ko-KR', colorScheme = 'light', viewport = DESKTOP }: Visit = {},
): Promise<{ context: BrowserContext; page: Page; expectedErrors: RegExp[] }> => {
  const context = await browser.newContext({ baseURL: url, locale, colorScheme, viewport });
  const errors: string[] = [];
  const expectedErrors: RegExp[] = [];
  const watch = (page: Page): void => {
    page.on('pageerror', (error) => errors.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error') errors.push(message.text());
    });
  };
  context.on('page', watch);
  onTestFinished(async () => {
    await context.close();
    const unexpected = errors.filter((text) => !expectedErrors.some((each) => each.test(text)));
    expect(unexpected).toEqual([]);
  });
  return { context, page: await context.newPage(), expectedErrors };
};
