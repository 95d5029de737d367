import sharp from 'sharp';
import { expect, test } from 'vitest';
import { digestTables, startRealServer } from '../../test/http/real-server.ts';
import { PIXEL, uploadPicture } from '../../test/support/picture.ts';
import { flawIn, pointersIn } from '../../test/support/problem.ts';

const UPLOAD_BYTES_MAX = 8 * 1024 * 1024;

const draw = (background: string): Promise<Buffer> =>
  sharp({ create: { width: 600, height: 300, channels: 3, background } })
    .png()
    .toBuffer();

/** A shop, and functions that upload a file as staff and read a picture without a token. */
const openShop = async () => {
  const server = await startRealServer();
  const authorization = await server.bearer('staff', 'staff');
  const upload = (body: Buffer, headers: Readonly<Record<string, string>> = {}) =>
    server.exchange({
      method: 'POST',
      path: '/v1/images',
      headers: { authorization, 'content-type': 'image/png', ...headers },
      body,
    });
  const read = (path: string, headers: Readonly<Record<string, string>> = {}) =>
    server.exchange({ method: 'GET', path, headers });
  return { server, authorization, upload, read };
};

const bodyOf = ({ text }: { readonly text: string }) => JSON.parse(text) as Record<string, never>;

test('an uploaded picture is read in three sizes, and a product shows it', async () => {
  const { server, authorization, upload } = await openShop();
  const uploaded = await upload(await draw('red'));
  expect(uploaded.status).toBe(201);
  const { imageId, ...view } = bodyOf(uploaded);
  const url = `/v1/images/${String(imageId)}`;
  const [small, medium, large] = ['small', 'medium', 'large'].map((size) => `${url}?size=${size}`);
  expect(view).toEqual({ width: 600, height: 300, url, sizes: { small, medium, large } });

  const widthAt = async (path: string | undefined): Promise<number> => {
    const response = await fetch(`${server.url}${path}`);
    return (await sharp(Buffer.from(await response.arrayBuffer())).metadata()).width;
  };
  expect(await Promise.all([small, medium, large, url].map(widthAt))).toEqual([160, 480, 600, 600]);

  const product = await server.exchange({
    method: 'POST',
    path: '/v1/products',
    headers: { authorization, 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'Mug', price: 1, stock: 1, imageUrl: url }),
  });
  expect(bodyOf(product)).toMatchObject({ imageUrl: url });
});

test('the same file has the same id, also when it arrives several times at once', async () => {
  const { server, upload } = await openShop();
  const file = await draw('blue');
  const answers = await Promise.all([1, 2, 3].map(() => upload(file)));
  const before = await digestTables(server.databaseUrl);
  answers.push(await upload(file));
  expect(new Set(answers.map(({ status, text }) => `${status} ${text}`)).size).toBe(1);
  expect(await digestTables(server.databaseUrl)).toEqual(before);
  expect(bodyOf(await upload(await draw('green')))['imageId']).not.toBe(
    bodyOf(answers[0]!)['imageId'],
  );
});

test('a key belongs to the content of a file', async () => {
  const { upload } = await openShop();
  const [red, blue] = await Promise.all([draw('red'), draw('blue')]);
  const key = { 'idempotency-key': 'picture' };
  const first = await upload(red, key);
  const again = await upload(red, key);
  expect(again).toMatchObject({ status: 201, text: first.text });
  expect(again.headers['idempotency-replayed']).toBe('true');
  expect(flawIn(await upload(blue, key), ['idempotency_key_reused'], '/v1/images')).toBe(undefined);
});

test('a picture is kept by caches and never taken for a page', async () => {
  const { server, read } = await openShop();
  const path = `/v1/images/${String(server.known['imageId'])}`;
  const first = await read(path, { 'accept-encoding': 'gzip' });
  expect(first).toMatchObject({
    status: 200,
    headers: {
      'content-type': 'image/webp',
      'cache-control': 'public, max-age=31536000, immutable',
      'x-content-type-options': 'nosniff',
      'content-security-policy': "default-src 'none'",
    },
  });
  expect(first.headers['content-encoding']).toBeUndefined();
  const etag = String(first.headers['etag']);
  expect(etag).toMatch(/^"[\w-]{43}"$/);
  const known = await read(path, { 'if-none-match': etag });
  expect(known).toMatchObject({ status: 304, text: '', headers: { etag } });
  expect((await read(path, { 'if-none-match': '"another"' })).status).toBe(200);
  const head = await server.exchange({ method: 'HEAD', path });
  expect(head).toMatchObject({ status: 200, headers: { etag } });
});

test('an unknown picture or size is a problem that no cache keeps', async () => {
  const { server, read } = await openShop();
  const path = `/v1/images/${'0'.repeat(64)}`;
  const unknown = await read(path);
  expect(flawIn(unknown, ['image_not_found'], path)).toBeUndefined();
  expect(unknown.headers['cache-control']).toBe('no-store');
  const known = `/v1/images/${String(server.known['imageId'])}`;
  for (const wrong of ['/v1/images/1', `${known}x`, `${known}?size=huge`, `${known}?width=9`]) {
    const answer = await read(wrong);
    expect(flawIn(answer, ['invalid_request'], wrong.split('?')[0])).toBeUndefined();
  }
});

test('a file of another type, too large, missing or unreadable is rejected', async () => {
  const { server, upload } = await openShop();
  const before = await digestTables(server.databaseUrl);
  const types = 'image/jpeg, image/png, image/webp, image/avif';
  for (const type of ['application/json', 'image/svg+xml', 'image/gif', 'text/html', 'image']) {
    const answer = await upload(PIXEL, { 'content-type': type });
    expect(flawIn(answer, ['unsupported_media_type'], '/v1/images')).toBeUndefined();
    expect(answer.headers['accept']).toBe(types);
  }
  const coded = await upload(PIXEL, { 'content-encoding': 'gzip' });
  expect(flawIn(coded, ['unsupported_media_type'], '/v1/images')).toBeUndefined();
  const large = await upload(Buffer.alloc(UPLOAD_BYTES_MAX + 1));
  expect(flawIn(large, ['payload_too_large'], '/v1/images')).toBeUndefined();
  for (const file of [
    Buffer.alloc(0),
    Buffer.alloc(UPLOAD_BYTES_MAX),
    PIXEL.subarray(0, 40),
    Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'),
  ]) {
    const answer = await upload(file, { 'idempotency-key': 'bad' });
    expect(flawIn(answer, ['invalid_request'], '/v1/images')).toBeUndefined();
    expect(pointersIn(answer)).toEqual(['']);
  }
  expect(await digestTables(server.databaseUrl)).toEqual(before);
  expect((await upload(PIXEL, { 'idempotency-key': 'bad' })).status).toBe(201);
  expect(server.failures).toEqual([]);
});

test('every other operation still rejects a file', async () => {
  const { server, authorization } = await openShop();
  const headers = { authorization, 'content-type': 'image/png' };
  const path = '/v1/products';
  const answer = await server.exchange({ method: 'POST', path, headers, body: PIXEL });
  expect(flawIn(answer, ['unsupported_media_type'], path)).toBeUndefined();
  expect(answer.headers['accept']).toBe('application/json');
});

test('more uploads at once than the queue has places are refused as overload', async () => {
  const { server, upload } = await openShop();
  // Noise takes long to encode; each file is another one.
  const noise = { type: 'gaussian', mean: 128, sigma: 60 } as const;
  const base = { width: 400, height: 400, channels: 3, noise } as const;
  const file = await sharp({ create: { ...base, background: 'black' } })
    .png()
    .toBuffer();
  const files = Array.from({ length: 30 }, (_, index) =>
    Buffer.concat([file, Buffer.from(String(index))]),
  );
  const token = (await server.bearer('service', 'shop')).replace('Bearer ', '');
  const outcomes = await Promise.allSettled(
    files.map((each) => uploadPicture(server.url, token, each)),
  );
  const refused = outcomes.flatMap((each) => (each.status === 'rejected' ? [each.reason] : []));
  expect(refused.length).toBeGreaterThan(0);
  expect(refused.length).toBeLessThan(30);
  expect(refused.every((reason) => String(reason).endsWith('answered 503'))).toBe(true);
  expect((await upload(PIXEL)).status).toBe(201);
});
