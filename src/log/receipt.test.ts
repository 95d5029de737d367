import { readFile } from 'node:fs/promises';
import * as fc from 'fast-check';
import { Value } from 'typebox/value';
import { expect, test } from 'vitest';
import { signCheckpoint } from './checkpoint.ts';
import { createLogKey } from './log-key.ts';
import { leafHash } from './merkle.ts';
import { createSigner } from './note.ts';
import { Receipt } from './receipt.ts';
import { findMissing, parseReceipt, parseVerifierKey, verifyReceipt } from '../receipt/index.ts';

const readFixture = (name: string): Promise<string> =>
  readFile(new URL(`../../test/fixtures/${name}`, import.meta.url), 'utf8');

const [json, text, key] = await Promise.all(
  ['receipt.json', 'receipt.tlog-proof', 'receipt.vkey'].map(readFixture),
);
const verifier = (await parseVerifierKey(key!.trim()))!;
const receipt = JSON.parse(json!) as Receipt;

const faultOf = async (file: string): Promise<string> => {
  const verdict = await verifyReceipt(file, verifier);
  return verdict.kind === 'rejected' ? verdict.fault : 'genuine';
};

const changed = (change: Partial<Record<keyof Receipt, unknown>>): Promise<string> =>
  faultOf(JSON.stringify({ ...receipt, ...change }));

test('the receipts of the first version stay readable, in both forms', async () => {
  for (const file of [json!, text!]) {
    expect(await verifyReceipt(file, verifier)).toMatchObject({
      kind: 'genuine',
      origin: 'shop.example/moa',
      treeSize: 300,
      event: {
        time: '2026-11-02T09:31:07.004Z',
        data: { orderId: '0197a3c0-5d00-7000-8000-000000000002', total: 34_500, currency: 'KRW' },
      },
    });
  }
  expect(parseReceipt(text!)).toEqual(receipt);
  expect(verifier.fingerprint).toMatch(/^[0-9a-f]{64}$/);
  expect(await findMissing()).toBeUndefined();
});

test('each changed part of a receipt has its fault', async () => {
  const { entry, hashes, checkpoint } = receipt;
  expect(await changed({})).toBe('genuine');
  expect(await changed({ entry: entry.replace('34500', '3450') })).toBe('not_included');
  expect(await changed({ entry: `${entry} ` })).toBe('not_included');
  expect(await changed({ leafIndex: 261 })).toBe('not_included');
  expect(await changed({ leafIndex: 300 })).toBe('not_included');
  expect(await changed({ hashes: hashes.slice(1) })).toBe('not_included');
  expect(await changed({ hashes: hashes.toReversed() })).toBe('not_included');
  expect(await changed({ checkpoint: checkpoint.replace('300', '301') })).toBe('not_signed');
  expect(await changed({ checkpoint: checkpoint.split('\n\n')[0] })).toBe('not_signed');
  expect(await changed({ hashes: ['x'] })).toBe('not_a_receipt');
  expect(await changed({ format: 'moa.receipt.v2' })).toBe('not_a_receipt');
  expect(await changed({ leafIndex: -1 })).toBe('not_a_receipt');
  expect(await changed({ leafIndex: 0.5 })).toBe('not_a_receipt');
  for (const file of ['', '{', 'null', '[]', text!.slice(1), text!.slice(0, 200)]) {
    expect(await faultOf(file)).toBe('not_a_receipt');
  }
});

test('each changed byte of the event fails', async () => {
  const bytes = Buffer.from(receipt.entry);
  const faults = new Set<string>();
  for (const at of bytes.keys()) {
    const other = Buffer.from(bytes);
    // Another letter in a text, so that the file stays a receipt; U+FFFD within a character.
    other[at] = bytes[at]! ^ 1;
    faults.add(await changed({ entry: other.toString() }));
  }
  expect([...faults]).toEqual(['not_included']);
});

test('each changed bit of each hash of the proof fails', async () => {
  const faults = new Set<string>();
  for (const [at, hash] of receipt.hashes.entries()) {
    for (let bit = 0; bit < 256; bit++) {
      const bytes = Buffer.from(hash, 'base64');
      bytes[bit >> 3]! ^= 1 << (bit & 7);
      faults.add(await changed({ hashes: receipt.hashes.with(at, bytes.toString('base64')) }));
    }
  }
  expect([...faults]).toEqual(['not_included']);
});

test('each changed byte of the signature or of the signed text fails', async () => {
  const { checkpoint } = receipt;
  const [signed = '', line = ''] = checkpoint.split('\n\n');
  const prefix = line.slice(0, line.lastIndexOf(' ') + 1);
  const signature = Buffer.from(line.slice(prefix.length), 'base64');
  const faults = new Set<string>();
  for (const at of signature.keys()) {
    const other = Buffer.from(signature);
    other[at] = signature[at]! ^ 1;
    const note = `${signed}\n\n${prefix}${other.toString('base64')}\n`;
    faults.add(await changed({ checkpoint: note }));
  }
  for (const at of Buffer.from(signed).keys()) {
    const other = Buffer.from(signed);
    other[at]! ^= 1;
    faults.add(await changed({ checkpoint: `${other.toString()}\n\n${line}` }));
  }
  expect([...faults]).toEqual(['not_signed']);
});

test('the receipt of another log is rejected', async () => {
  const foreign = createSigner('shop.example/moa', createLogKey());
  const root = leafHash(Buffer.from(receipt.entry));
  const forged = JSON.stringify({
    ...receipt,
    leafIndex: 0,
    hashes: [],
    checkpoint: signCheckpoint(foreign, { size: 1, root }),
  });
  const itsKey = (await parseVerifierKey(foreign.verifier.text))!;
  expect((await verifyReceipt(forged, itsKey)).kind).toBe('genuine');
  expect(await faultOf(forged)).toBe('not_signed');
});

test('a logged event that pays no order is no receipt', async () => {
  const signer = createSigner('shop.example/moa', createLogKey());
  const itsKey = (await parseVerifierKey(signer.verifier.text))!;
  const verdictOf = (entry: string) => {
    const checkpoint = signCheckpoint(signer, { size: 1, root: leafHash(Buffer.from(entry)) });
    const file = JSON.stringify({ ...receipt, entry, leafIndex: 0, hashes: [], checkpoint });
    return verifyReceipt(file, itsKey);
  };
  expect((await verdictOf(receipt.entry)).kind).toBe('genuine');
  const { entry } = receipt;
  const others = [
    entry.replace('order.paid.v1', 'order.placed.v1'),
    entry.replace('"total":34500', '"total":"34500"'),
    entry.replace('"currency":"KRW"', '"currency":1'),
    entry.replace('2026-11-02T', '2026-13-02T'),
    entry.replace('"quantity":2', '"quantity":2.5'),
    entry.replace('"items":[', '"items":[null,'),
    entry.replace('"userId":"alice"', '"userId":"a b"'),
    entry.replace('"data":{', '"data":[{').replace(/\}\}$/, '}]}'),
    entry.slice(1),
    'null',
  ];
  for (const each of others) {
    expect(await verdictOf(each)).toEqual({ kind: 'rejected', fault: 'not_a_payment' });
  }
});

test('a receipt is read exactly if the schema of the API allows it', () => {
  const values = fc.oneof(
    fc.string({ maxLength: 3 }),
    fc.integer(),
    fc.double(),
    fc.constantFrom(null, undefined, [], ['x'], [receipt.hashes[0]], 2 ** 53, -0, 1e21),
    fc.constant(Array.from({ length: 54 }, () => receipt.hashes[0])),
    fc.constantFrom('x'.repeat(100_001), 'x'.repeat(4_000_001)),
  );
  const member = fc.constantFrom(...Object.keys(receipt), 'extra');
  fc.assert(
    fc.property(member, values, (name, value) => {
      const file = JSON.stringify({ ...receipt, [name]: value });
      const isAllowed = Value.Check(Receipt, JSON.parse(file));
      expect(parseReceipt(file) !== undefined).toBe(isAllowed);
    }),
    { numRuns: 500 },
  );
});

test('no change of a character makes another genuine receipt', async () => {
  const files = fc.constantFrom(json!, text!);
  const change = fc.tuple(files, fc.nat(), fc.string({ minLength: 0, maxLength: 2 }));
  await fc.assert(
    fc.asyncProperty(change, async ([file, at, inserted]) => {
      const place = at % file.length;
      const other = file.slice(0, place) + inserted + file.slice(place + 1);
      if ((await faultOf(other)) !== 'genuine') return;
      expect(parseReceipt(other)).toEqual(receipt);
    }),
    { numRuns: 2_000 },
  );
});
