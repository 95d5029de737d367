import { chromium, type Browser } from 'playwright-core';
import { findProgram } from './find-program.ts';

/**
 * Chromium or Chrome of the machine. Debian's `chromium-headless-shell` is Chromium without its own
 * windows, which take a fifth of the time of a test.
 */
export const chromiumProgram = await findProgram(
  [
    'chromium-headless-shell',
    'chromium',
    'chromium-browser',
    'google-chrome-stable',
    'google-chrome',
    'Google Chrome',
  ],
  ['/Applications/Google Chrome.app/Contents/MacOS'],
);

const OPTIONS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Starts a browser. */
export const startBrowser = async (): Promise<Browser | undefined> =>
  chromiumProgram === undefined
    ? undefined
    : chromium.launch({ executablePath: chromiumProgram, args: OPTIONS });

let shared: Promise<Browser | undefined> | undefined;

/** The browser of all test files of a process, with which it ends. */
export const sharedBrowser = (): Promise<Browser | undefined> => (shared ??= startBrowser());
