import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { expect, onTestFinished, test } from 'vitest';
import { startRealServer } from '../../test/http/real-server.ts';
import { openDeliveryShop } from '../../test/support/delivery-shop.ts';
import { openStream } from '../../test/support/event-stream.ts';
import { waitUntil } from '../../test/support/wait.ts';

const openShop = async () => {
  const server = await startRealServer();
  const other = await openDeliveryShop(server.databaseUrl);
  const { userId, productId } = server.known as Record<'userId' | 'productId', string>;
  const params = { productId };
  const adjust = (delta = 1) =>
    other.ask('adjustStock', { params, body: { delta, reason: 'counted' } }) as Promise<{
      readonly stock: number;
    }>;
  const sell = () =>
    other.ask('checkout', { body: { userId, items: [{ productId, quantity: 1 }] } });
  return { ...server, productId, adjust, sell };
};

test('the changes of a round come in one write', async () => {
  const { url, productId, sell } = await openShop();
  const request = get(`${url}/v1/stream?products=${productId}&topics=best-sellers`);
  onTestFinished(() => void request.destroy());
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  // The parser of Node gives each chunk (RFC 9112 §7.1) on its own: a chunk is a write.
  const chunks: string[] = [];
  response.on('data', (chunk: Buffer) => chunks.push(chunk.toString()));
  const hasBoth = (chunk: string): boolean =>
    chunk.includes('event: stock\n') && chunk.includes('event: best-sellers\n');
  const has = (event: string) => chunks.some((chunk) => chunk.includes(`event: ${event}\n`));
  await waitUntil(() => has('stock') && has('best-sellers'), 'the first states');
  chunks.length = 0;
  await waitUntil(async () => {
    // On a busy machine the ranking may take longer than the round waits.
    const seen = chunks.length;
    await sell();
    await waitUntil(() => chunks.length > seen, 'a change');
    return chunks.some(hasBoth);
  }, 'both changes in one write');
  // A write has each event once.
  expect(chunks.find(hasBoth)?.split('event: ').length).toBe(3);
});

test('streams that begin do not make those of others busier', async () => {
  const { url, productId, adjust } = await openShop();
  const query = `?products=${productId}`;
  const stream = await openStream(url, query);
  await stream.until('stock');
  const before = performance.now();
  const changes = 8;
  for (let count = 0; count < changes; count++) {
    const { stock } = await adjust();
    // A new stream has the current state, although the others wait for their round.
    const begun = await openStream(url, query);
    expect((await begun.until('stock')).data).toMatchObject({ stock });
    begun.close();
  }
  const seconds = (performance.now() - before) / 1_000;
  expect(stream.events.length - 1).toBeLessThanOrEqual(Math.ceil(seconds) + 1);
  const { stock } = await adjust();
  await stream.until('stock', (data) => data['stock'] === stock);
});

test('a stream that began between two rounds gets a state that others have seen before', async () => {
  const { url, productId, adjust } = await openShop();
  const query = `?products=${productId}`;
  const others = await openStream(url, query);
  const { stock } = (await others.until('stock')).data;
  // Most likely all three within one round.
  await adjust(1);
  const begun = await openStream(url, query);
  await begun.until('stock');
  await adjust(-1);
  const last = await begun.until('stock', (data) => data['stock'] === stock);
  expect(last.data).toMatchObject({ productId, stock });
});
