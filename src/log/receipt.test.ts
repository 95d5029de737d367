import { readFile } from 'node:fs/promises';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { signCheckpoint } from './checkpoint.ts';
import { createLogKey } from './log-key.ts';
import { leafHash } from './merkle.ts';
import { createSigner, parseVerifierKey } from './note.ts';
import { parseReceipt, verifyReceipt, type Receipt } from './receipt.ts';

const readFixture = (name: string): Promise<string> =>
  readFile(new URL(`../../test/fixtures/${name}`, import.meta.url), 'utf8');

const [json, text, key] = await Promise.all(
  ['receipt.json', 'receipt.tlog-proof', 'receipt.vkey'].map(readFixture),
);
const verifier = parseVerifierKey(key!.trim())!;
const receipt = JSON.parse(json!) as Receipt;

const reasonOf = (file: string): string => {
  const verdict = verifyReceipt(file, verifier);
  return verdict.kind === 'rejected' ? verdict.reason : 'genuine';
};

test('the receipts of the first version stay readable, in both forms', () => {
  for (const file of [json!, text!]) {
    expect(verifyReceipt(file, verifier)).toMatchObject({
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
});

test('each changed part of a receipt has its reason', () => {
  const changed = (change: Partial<Record<keyof Receipt, unknown>>): string =>
    reasonOf(JSON.stringify({ ...receipt, ...change }));
  const { entry, hashes, checkpoint } = receipt;
  const notIncluded = 'the signed log does not have this event at this place';
  const notSigned = `the checkpoint is not signed by the key ${verifier.text}`;
  const none = 'the file is not a receipt';
  expect(changed({})).toBe('genuine');
  expect(changed({ entry: entry.replace('34500', '3450') })).toBe(notIncluded);
  expect(changed({ entry: `${entry} ` })).toBe(notIncluded);
  expect(changed({ leafIndex: 261 })).toBe(notIncluded);
  expect(changed({ leafIndex: 300 })).toBe(notIncluded);
  expect(changed({ hashes: hashes.slice(1) })).toBe(notIncluded);
  expect(changed({ hashes: hashes.toReversed() })).toBe(notIncluded);
  expect(changed({ checkpoint: checkpoint.replace('300', '301') })).toBe(notSigned);
  expect(changed({ checkpoint: checkpoint.split('\n\n')[0] })).toBe(notSigned);
  expect(changed({ hashes: ['x'] })).toBe(none);
  expect(changed({ format: 'moa.receipt.v2' })).toBe(none);
  expect(changed({ leafIndex: -1 })).toBe(none);
  expect(changed({ leafIndex: 0.5 })).toBe(none);
  for (const file of ['', '{', 'null', '[]', text!.slice(1), text!.slice(0, 200)]) {
    expect(reasonOf(file)).toBe(none);
  }
});

test('the receipt of another log is rejected', () => {
  const foreign = createSigner('shop.example/moa', createLogKey());
  const root = leafHash(Buffer.from(receipt.entry));
  const forged = {
    ...receipt,
    leafIndex: 0,
    hashes: [],
    checkpoint: signCheckpoint(foreign, { size: 1, root }),
  };
  expect(verifyReceipt(JSON.stringify(forged), foreign.verifier).kind).toBe('genuine');
  expect(reasonOf(JSON.stringify(forged))).toMatch('is not signed by the key');
});

test('a logged event that pays no order is no receipt', () => {
  const signer = createSigner('shop.example/moa', createLogKey());
  const verdictOf = (entry: string) => {
    const checkpoint = signCheckpoint(signer, { size: 1, root: leafHash(Buffer.from(entry)) });
    const file = JSON.stringify({ ...receipt, entry, leafIndex: 0, hashes: [], checkpoint });
    return verifyReceipt(file, signer.verifier);
  };
  expect(verdictOf(receipt.entry).kind).toBe('genuine');
  const others = [
    receipt.entry.replace('order.paid.v1', 'order.placed.v1'),
    receipt.entry.replace('"total":34500', '"total":"34500"'),
    receipt.entry.slice(1),
    'null',
  ];
  for (const entry of others) {
    const reason = 'the event is not the payment of an order';
    expect(verdictOf(entry)).toEqual({ kind: 'rejected', reason });
  }
});

test('no change of a character makes another genuine receipt', () => {
  const files = fc.constantFrom(json!, text!);
  const change = fc.tuple(files, fc.nat(), fc.string({ minLength: 0, maxLength: 2 }));
  fc.assert(
    fc.property(change, ([file, at, inserted]) => {
      const place = at % file.length;
      const changed = file.slice(0, place) + inserted + file.slice(place + 1);
      if (reasonOf(changed) !== 'genuine') return;
      expect(parseReceipt(changed)).toEqual(receipt);
    }),
    { numRuns: 3_000 },
  );
});
