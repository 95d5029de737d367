import { expect, onTestFinished, test } from 'vitest';
import { waitUntil } from '../../test/support/wait.ts';
import { startThread } from './thread.ts';

/** Never over in a test. */
const LONG_MS = 3_600_000;

/** Runs a module that has `starts`, the number of its threads before. */
const run = (code: string, pauseMinMs: number) => {
  const imports = "import { parentPort, workerData } from 'node:worker_threads';";
  const count = 'const starts = Atomics.add(workerData, 0, 1);';
  const reports: unknown[] = [];
  const faults: unknown[] = [];
  const source = encodeURIComponent(`${imports} ${count} ${code}`);
  const thread = startThread<'wake', unknown>(new URL(`data:text/javascript,${source}`), {
    data: new Int32Array(new SharedArrayBuffer(4)),
    memoryMaxMb: 64,
    pauseMinMs,
    onReport: (report) => reports.push(report),
    onFault: (error) => faults.push(error),
  });
  onTestFinished(thread.stop);
  return { thread, reports, faults };
};

const UNTIL_STOPPED = `parentPort.on('message', (message) => {
  if (message === 'stop') parentPort.close();
  else parentPort.postMessage([starts, message]);
});`;

/** Fills 0.8 MB. */
const FILL = `const all = []; const fill = () => all.push(Array.from({ length: 100_000 }, Math.random));`;

test('a thread that fails is reported and starts again', async () => {
  const code = `if (starts === 0) throw new Error('first'); if (starts === 1) process.exit(3);`;
  const { thread, reports, faults } = run(`${code} ${UNTIL_STOPPED}`, 1);
  await waitUntil(() => {
    thread.post('wake');
    return reports.length > 0;
  }, 'the third thread');
  expect(faults).toEqual([new Error('first'), new Error('a thread ended with the code 3')]);
  expect(reports[0]).toEqual([2, 'wake']);
  await thread.stop();
  expect(faults).toHaveLength(2);
});

test('a thread whose memory is full ends alone, and can be stopped while none runs', async () => {
  const { thread, faults } = run(`${FILL} setInterval(fill, 0);`, LONG_MS);
  await waitUntil(() => faults.length > 0, 'the fault');
  expect(faults).toMatchObject([{ code: 'ERR_WORKER_OUT_OF_MEMORY' }]);
  await thread.stop();
});

test('a thread that measures its memory ends before it is full', async () => {
  const { href } = new URL('./thread.ts', import.meta.url);
  const watched = `import { endBeforeFull } from '${href}'; endBeforeFull();`;
  const { faults } = run(`${watched} ${FILL} setInterval(fill, 20);`, LONG_MS);
  await waitUntil(() => faults.length > 0, 'the fault');
  expect(String(faults[0])).toMatch(/^Error: the memory of a thread is full: \d+ of 64 MB$/);
});

test('a thread that does not exist is a fault', () => {
  const faults: unknown[] = [];
  const { stop } = startThread(new URL('https://shop.example/thread.js'), {
    data: null,
    onReport: () => undefined,
    onFault: (error) => faults.push(error),
  });
  onTestFinished(stop);
  expect(faults).toHaveLength(1);
});
