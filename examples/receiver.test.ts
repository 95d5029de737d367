import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { readText } from '../test/support/repository.ts';
import { waitUntil } from '../test/support/wait.ts';
import { startProcess } from './test-process.ts';
import { eventOf, newSecret, paid, post, send } from './test-sender.ts';

/** A free port. */
const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
};

const mug = { productId: '01980000-0000-7000-8000-00000000000a', quantity: 1, unitPrice: 100 };

test('the receiver in the guide is the one that is tested here', async () => {
  const guide = await readText('docs/data-platform.md');
  expect(guide).toContain(`\`\`\`js\n${await readText('examples/receiver.mjs')}\`\`\`\n`);
});

/** Starts the receiver of the guide and waits until it listens. */
const startReceiver = async (secret: string) => {
  const port = await freePort();
  const receiver = startProcess(new URL('./receiver.mjs', import.meta.url), {
    MOA_WEBHOOK_SECRET: secret,
    PORT: String(port),
  });
  const url = `http://127.0.0.1:${port}/`;
  const isUp = () =>
    fetch(url).then(
      ({ status }) => status === 401,
      () => false,
    );
  await waitUntil(isUp, 'a receiver that listens');
  return { receiver, url };
};

test('the receiver of the guide accepts signed batches and handles each event once', async () => {
  const secret = newSecret();
  const { receiver, url } = await startReceiver(secret);
  const [first, second] = [paid([mug]), paid([mug])];
  expect((await send(url, newSecret(), [first])).status).toBe(401);
  expect((await post(url, secret, ' '.repeat(4 * 1024 * 1024 + 1))).status).toBe(413);
  expect((await send(url, secret, [first, first])).status).toBe(204);
  expect((await send(url, secret, [first, second])).status).toBe(204);
  const lines = [first, second].map(
    ({ type, subject, data }) => `latest ${type} ${subject} ${JSON.stringify(data)}\n`,
  );
  await waitUntil(() => receiver.output().split('\n').length > 2, 'both events');
  expect(receiver.output()).toBe(lines.join(''));
});

test('the receiver of the guide orders events of a subject by sequence, not by time', async () => {
  const secret = newSecret();
  const { receiver, url } = await startReceiver(secret);
  const subject = mug.productId;
  const [first, second] = [1, 2].map((price) => eventOf('product.changed.v1', subject, { price }));
  await send(url, secret, [second!]);
  await send(url, secret, [first!]);
  expect(first!.time).toBe(second!.time);
  await waitUntil(() => receiver.output().split('\n').length > 2, 'both events');
  const order = receiver.output().match(/^\w+|\{.*\}/gm);
  expect(order).toEqual(['latest', '{"price":2}', 'older', '{"price":1}']);
});
