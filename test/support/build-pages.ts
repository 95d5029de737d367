import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const SCRIPT = new URL('../../scripts/build-web.ts', import.meta.url).pathname;

/** Builds the pages, as `npm start` does, when they are missing or older than their sources. */
export default async (): Promise<void> => {
  await promisify(execFile)(process.execPath, [SCRIPT]);
};
