import { expect, onTestFinished, test } from 'vitest';
import { assertInvariants, createTestDatabase } from '../../test/support/database.ts';
import { bodyOf, createOperations } from '../../test/support/operations.ts';
import { queryColumn } from '../../test/support/queries.ts';
import { TEST_SETTINGS } from '../../test/support/settings.ts';
import { waitUntil } from '../../test/support/wait.ts';
import type { Reply } from '../contract/index.ts';
import {
  decodeBase64,
  hashLeaf,
  openCheckpoint,
  parseVerifierKey,
  rootOfInclusion,
  verifyReceipt,
  type Bytes,
  type Verifier,
} from '../receipt/index.ts';
import { startSystem } from '../system.ts';
import { createLogKey } from './log-key.ts';
import { isConsistent, leafHash } from './merkle.ts';
import { createSigner } from './note.ts';
import { TILE_WIDTH, createSpanHash, edgeOf, hashAt, type Tile } from './tiles.ts';

const ORIGIN = 'shop.example/moa';
const ALICE = { role: 'customer', userId: 'alice' } as const;
const BOB = { role: 'customer', userId: 'bob' } as const;
const STAFF = { role: 'staff', userId: 'staff' } as const;

const startShop = async (given?: string, key = createLogKey()) => {
  const url = given ?? (await createTestDatabase());
  const notices: string[] = [];
  const faults: unknown[] = [];
  const system = startSystem(url, TEST_SETTINGS, {
    log: {
      eventSource: `https://${ORIGIN}/`,
      loadKey: () => Promise.resolve(key),
      onNotice: (notice) => notices.push(notice),
    },
    onBackgroundFault: (error) => faults.push(error),
  });
  onTestFinished(system.close);
  onTestFinished(() => expect(faults).toEqual([]));
  const call = createOperations(system.routes);
  const verifier = (await parseVerifierKey(createSigner(ORIGIN, key).verifier.text))!;
  return { url, call, verifier, notices };
};

const startFilledShop = async () => {
  const shop = await startShop();
  const { call } = shop;
  for (const userId of ['alice', 'bob']) {
    await call('putUser', { params: { userId } });
    await call('chargeWallet', { params: { userId }, body: { amount: 100_000 } });
  }
  const product = { name: 'Mug', price: 1_000, stock: 50 };
  const { productId } = bodyOf(await call('createProduct', { body: product }));
  const buy = async (operation = 'checkout'): Promise<string> => {
    const body = { userId: 'alice', items: [{ productId, quantity: 2 }] };
    return String(bodyOf(await call(operation, { body }))['orderId']);
  };
  return { ...shop, buy };
};

const textOf = (reply: Reply): string => {
  if (reply.kind !== 'answer') throw new Error(`refused: ${reply.code}`);
  return typeof reply.body === 'string' ? reply.body : JSON.stringify(reply.body);
};

const codeOf = (reply: Reply): string => (reply.kind === 'problem' ? reply.code : 'answer');

const decode = (hashes: unknown): Bytes[] =>
  (hashes as string[]).map((each) => decodeBase64(each)!);

test('an order that was just paid has a receipt, which its key verifies', async () => {
  const { call, buy, verifier, url } = await startFilledShop();
  for (let round = 0; round < 5; round++) {
    const orderId = await buy();
    const reply = await call('getReceipt', { params: { orderId }, caller: ALICE });
    const verdict = await verifyReceipt(textOf(reply), verifier);
    expect(verdict).toMatchObject({
      kind: 'genuine',
      origin: ORIGIN,
      event: { type: 'order.paid.v1', data: { orderId, userId: 'alice', total: 2_000 } },
    });
  }
  await assertInvariants(url);
});

test('a receipt as text is a proof of tlog-proof', async () => {
  const { call, buy, verifier } = await startFilledShop();
  const params = { orderId: await buy() };
  const text = textOf(await call('getReceipt', { params, mediaType: 'text/plain' }));
  expect(text).toMatch(/^c2sp\.org\/tlog-proof@v1\nextra /);
  expect((await verifyReceipt(text, verifier)).kind).toBe('genuine');
});

test('the owner, staff and services read a receipt; for others the order does not exist', async () => {
  const { call, buy } = await startFilledShop();
  const params = { orderId: await buy() };
  const read = async (caller: typeof ALICE | typeof BOB | typeof STAFF) =>
    codeOf(await call('getReceipt', { params, caller }));
  expect([await read(ALICE), await read(STAFF), await read(BOB)]).toEqual([
    'answer',
    'answer',
    'order_not_found',
  ]);
  expect(codeOf(await call('getReceipt', { params }))).toBe('answer');
  const unknown = { orderId: '0197a3c0-5d00-7000-8000-00000000000f' };
  expect(codeOf(await call('getReceipt', { params: unknown }))).toBe('order_not_found');
});

test('an order that was never paid has no receipt; a refunded one keeps its receipt', async () => {
  const { call, buy, verifier } = await startFilledShop();
  const params = { orderId: await buy('placeOrder') };
  const refused = await call('getReceipt', { params, caller: ALICE });
  expect(refused).toMatchObject({
    code: 'order_not_paid',
    members: { orderStatus: 'pending' },
  });
  expect(codeOf(await call('getReceipt', { params, caller: BOB }))).toBe('order_not_found');
  await call('payOrder', { params });
  await call('refundOrder', { params, body: {} });
  const receipt = textOf(await call('getReceipt', { params }));
  expect((await verifyReceipt(receipt, verifier)).kind).toBe('genuine');
});

const headOf = async (note: string, verifier: Verifier) => (await openCheckpoint(note, verifier))!;

test('the proofs of the API lead from any event and from any earlier tree to the checkpoint', async () => {
  const { call, buy, verifier } = await startFilledShop();
  const heads = [];
  for (let round = 0; round < 4; round++) {
    const receipt = bodyOf(await call('getReceipt', { params: { orderId: await buy() } }));
    const note = textOf(await call('getCheckpoint'));
    const head = await headOf(note, verifier);
    const entry = String(receipt['entry']);
    const { id } = JSON.parse(entry) as { id: string };
    for (const query of [{ event: id }, { leaf: receipt['leafIndex'] }]) {
      const proof = bodyOf(
        await call('getInclusionProof', { query: { ...query, size: head.size } }),
      );
      const place = { leaf: Number(proof['leafIndex']), size: Number(proof['treeSize']) };
      const hash = await hashLeaf(Buffer.from(entry));
      expect(proof['leafHash']).toBe(Buffer.from(hash).toString('base64'));
      expect(await rootOfInclusion(place, hash, decode(proof['hashes']))).toEqual(head.root);
    }
    heads.push(head);
  }
  const last = heads.at(-1)!;
  for (const from of heads) {
    const query = { from: from.size, to: last.size };
    const proof = bodyOf(await call('getConsistencyProof', { query }));
    expect(isConsistent(from, last, decode(proof['hashes']))).toBe(true);
  }
  const whole = bodyOf(await call('getConsistencyProof'));
  expect(whole).toMatchObject({ from: 0, hashes: [] });
});

test('a proof of what the tree does not have is refused', async () => {
  const { call, buy, verifier } = await startFilledShop();
  await call('getReceipt', { params: { orderId: await buy() } });
  const { size } = await headOf(textOf(await call('getCheckpoint')), verifier);
  const inclusion = async (query: object) => codeOf(await call('getInclusionProof', { query }));
  const consistency = async (query: object) => codeOf(await call('getConsistencyProof', { query }));
  const event = '0197a3c0-5d00-7000-8000-00000000000f';
  expect(await inclusion({ leaf: 0, size: 1 })).toBe('answer');
  expect(await inclusion({ event })).toBe('leaf_not_found');
  expect(await inclusion({ leaf: 1, size: 1 })).toBe('leaf_not_found');
  expect(await inclusion({ leaf: 0, size: 0 })).toBe('leaf_not_found');
  expect(await inclusion({ leaf: 0, size: size + 1_000 })).toBe('invalid_request');
  expect(await inclusion({ leaf: 0, event })).toBe('invalid_request');
  expect(await inclusion({})).toBe('invalid_request');
  expect(await consistency({ from: 2, to: 1 })).toBe('invalid_request');
  expect(await consistency({ from: 1, to: Number.MAX_SAFE_INTEGER })).toBe('invalid_request');
});

/** The parts of a tile's path, as c2sp.org/tlog-tiles writes an index. */
const partsOf = (index: number) => {
  const digits = String(index).padStart(9, '0');
  const [millions, thousands] = [`x${digits.slice(0, 3)}`, `x${digits.slice(3, 6)}`];
  const last = digits.slice(6);
  if (index < 1_000) return { suffix: '', parts: { last } };
  if (index < 1_000_000) return { suffix: 'OfThousands', parts: { thousands, last } };
  return { suffix: 'OfMillions', parts: { millions, thousands, last } };
};

/** Reads a tile of the log; `tileWidth` is that of a tile that is not full. */
const readTile = (
  call: Awaited<ReturnType<typeof startShop>>['call'],
  { level, index, tileWidth }: { level: number; index: number; tileWidth?: number },
): Promise<Reply> => {
  const { suffix, parts } = partsOf(index);
  return tileWidth === undefined
    ? call(`getTile${suffix}`, { params: { level: String(level), ...parts } })
    : call(`getPartialTile${suffix}`, {
        params: { level: String(level), ...parts, tileWidth: String(tileWidth) },
      });
};

const bytesOf = (reply: Reply): Buffer => {
  if (reply.kind !== 'answer') throw new Error(`refused: ${reply.code}`);
  return reply.body as Buffer;
};

test('a client that has only the tiles computes the root of the checkpoint, and of earlier trees', async () => {
  const { call, verifier, url } = await startFilledShop();
  const heads = [await headOf(textOf(await call('getCheckpoint')), verifier)];
  const products = Array.from({ length: 300 }, (_, number) => ({
    name: `Mug ${number}`,
    price: 1_000,
    stock: 1,
  }));
  await call('createProducts', { body: { items: products } });
  await waitUntil(async () => {
    const head = await headOf(textOf(await call('getCheckpoint')), verifier);
    if (head.size > heads.at(-1)!.size) heads.push(head);
    return head.size > TILE_WIDTH + products.length / 10;
  }, 'more events than a tile has hashes');
  for (const { size, root } of heads) {
    const tiles: Tile[] = [];
    for (let [level, count] = [0, size]; count > 0; level++) {
      const full = Math.floor(count / TILE_WIDTH);
      for (let index = 0; index < full; index++) {
        tiles.push({ level, index, hashes: bytesOf(await readTile(call, { level, index })) });
      }
      count = full;
    }
    for (const { width: tileWidth, ...place } of edgeOf(size)) {
      const hashes = bytesOf(await readTile(call, { ...place, tileWidth }));
      expect(hashes.length).toBe(tileWidth * 32);
      tiles.push({ ...place, hashes });
    }
    expect(createSpanHash(tiles)({ begin: 0, end: size })).toEqual(Buffer.from(root));
    // And the hash of a leaf is that of its entry.
    const entries = await queryColumn(url, 'select entry from log.entries order by position');
    const leaves = tiles.find(({ level, index }) => level === 0 && index === 0)?.hashes;
    if (leaves !== undefined) expect(hashAt(leaves, 0)).toEqual(leafHash(Buffer.from(entries[0]!)));
  }
});

test('a tile that the tree does not have is not found', async () => {
  const { call, buy } = await startFilledShop();
  await call('getReceipt', { params: { orderId: await buy() } });
  const read = async (place: Parameters<typeof readTile>[1]) => codeOf(await readTile(call, place));
  expect(await read({ level: 0, index: 0, tileWidth: 1 })).toBe('answer');
  for (const place of [
    { level: 0, index: 0 },
    { level: 0, index: 0, tileWidth: 255 },
    { level: 0, index: 1, tileWidth: 1 },
    { level: 0, index: 1_000, tileWidth: 1 },
    { level: 0, index: 1_234_067 },
    { level: 0, index: 999_999_999, tileWidth: 1 },
    { level: 1, index: 0, tileWidth: 1 },
    { level: 63, index: 0 },
  ]) {
    expect(await read(place)).toBe('tile_not_found');
  }
});

test('a new log has a checkpoint of no leaves', async () => {
  const { call, verifier } = await startShop();
  expect((await headOf(textOf(await call('getCheckpoint')), verifier)).size).toBe(0);
  expect(codeOf(await call('getInclusionProof', { query: { leaf: 0 } }))).toBe('leaf_not_found');
});

test('the log follows the journal without a request', async () => {
  const { call, buy, verifier } = await startFilledShop();
  const size = async () => (await headOf(textOf(await call('getCheckpoint')), verifier)).size;
  const before = await size();
  await buy();
  await waitUntil(async () => (await size()) > before, 'the events as leaves');
  expect(await size()).toBeGreaterThan(before);
});

test('with another key the tree is signed again, and a notice names both keys', async () => {
  const first = await startFilledShop();
  await first.call('getReceipt', { params: { orderId: await first.buy() } });
  const note = textOf(await first.call('getCheckpoint'));
  const { size, root } = await headOf(note, first.verifier);
  const second = await startShop(first.url);
  const again = textOf(await second.call('getCheckpoint'));
  expect(await headOf(again, second.verifier)).toMatchObject({ size, root });
  expect(second.notices).toEqual([
    `The transparency log was signed by ${first.verifier.text} and is now signed by ` +
      `${second.verifier.text}. Processes on one database must have the same key.`,
  ]);
});

test('the key of the API verifies a receipt of this shop', async () => {
  const { call, buy } = await startFilledShop();
  const { origin, verifierKey } = bodyOf(await call('getLogKey'));
  expect(origin).toBe(ORIGIN);
  const verifier = (await parseVerifierKey(String(verifierKey)))!;
  const receipt = textOf(await call('getReceipt', { params: { orderId: await buy() } }));
  expect((await verifyReceipt(receipt, verifier)).kind).toBe('genuine');
});
