import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { createNaiveTree } from '../../test/support/naive-tree.ts';
import { isThorough } from '../../test/support/seed.ts';
import { rootOfInclusion, type Bytes } from '../receipt/index.ts';
import {
  EMPTY_ROOT,
  consistencySpans,
  inclusionSpans,
  isConsistent,
  leafHash,
  type Span,
} from './merkle.ts';
import { createSpanHash, edgeAfter, growTiles, tilesOf, type Tile } from './tiles.ts';

/** The leaves, roots and proofs that the implementations of Certificate Transparency test. */
const ENTRIES = [
  '',
  '00',
  '10',
  '2021',
  '3031',
  '40414243',
  '5051525354555657',
  '606162636465666768696a6b6c6d6e6f',
].map((hex) => Buffer.from(hex, 'hex'));
const ROOTS = [
  'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
];
const INCLUSION_OF_0_IN_8 = [
  '96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7',
  '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
  '6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4',
];
const CONSISTENCY_OF_6_AND_8 = [
  '0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a',
  'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
];

/** A tree that grew by batches of these sizes. */
const grow = (entries: readonly Buffer[], batches: readonly number[] = [entries.length]) => {
  const tiles = new Map<string, Tile>();
  let edge: Tile[] = [];
  let size = 0;
  for (const batch of batches) {
    const leaves = entries.slice(size, size + batch).map(leafHash);
    const changed = growTiles(edge, size, leaves);
    for (const tile of changed) tiles.set(`${tile.level}/${tile.index}`, tile);
    size += leaves.length;
    edge = edgeAfter(size, [...edge, ...changed]);
  }
  return { tiles: [...tiles.values()], hashOf: createSpanHash([...tiles.values()]) };
};

const numbered = (count: number): Buffer[] =>
  Array.from({ length: count }, (_, index) => Buffer.from(`entry ${index}`));
const hex = (hashes: readonly Buffer[]): string[] => hashes.map((each) => each.toString('hex'));
const whole = (size: number): Span => ({ begin: 0, end: size });
const flipped = (bytes: Buffer): Buffer =>
  Buffer.from(bytes.map((byte, at) => (at === 7 ? byte ^ 1 : byte)));

test('the roots and proofs are those of Certificate Transparency', () => {
  const { hashOf } = grow(ENTRIES);
  expect(hex(ROOTS.map((_, size) => hashOf(whole(size))))).toEqual(ROOTS);
  expect(EMPTY_ROOT.toString('hex')).toBe(ROOTS[0]);
  expect(hex(inclusionSpans(0, 8).map(hashOf))).toEqual(INCLUSION_OF_0_IN_8);
  expect(hex(consistencySpans(6, 8).map(hashOf))).toEqual(CONSISTENCY_OF_6_AND_8);
});

const MOST = 300;
const ALL_OF = 70;
/** The last leaves of the first tile, of 256 leaves, and the first ones of the second. */
const FIRST_OF_LARGE = 250;

/** An ordinary run tries the small trees, and those with one and two tiles. */
const SIZES = Array.from({ length: MOST + 1 }, (_, size) => size).filter(
  (size) => isThorough || size <= ALL_OF || size >= FIRST_OF_LARGE,
);

const plain = (hash: Buffer): Bytes => Uint8Array.from(hash);

test(`each leaf of each tree of up to ${MOST} leaves has a valid inclusion proof`, async () => {
  const entries = numbered(MOST);
  const naive = createNaiveTree(entries);
  const { hashOf } = grow(entries, [1, 2, 250, 3, 4, 40]);
  let wrong = 0;
  for (const size of SIZES) {
    const root = naive.root(size);
    if (!hashOf(whole(size)).equals(root)) wrong++;
    for (let leaf = 0; leaf < size; leaf++) {
      const proof = inclusionSpans(leaf, size).map(hashOf);
      if (!Buffer.concat(proof).equals(Buffer.concat(naive.inclusion(leaf, size)))) wrong++;
      const place = { leaf, size };
      // Web Crypto hashes one after the other: all leaves of small trees, edges of large ones.
      if (size > ALL_OF && leaf % ALL_OF !== 0 && leaf !== size - 1) continue;
      const led = await rootOfInclusion(place, plain(leafHash(entries[leaf]!)), proof.map(plain));
      if (led === undefined || !root.equals(led)) wrong++;
    }
  }
  expect(wrong).toBe(0);
});

test(`each two trees of up to ${MOST} leaves have a valid consistency proof`, () => {
  const naive = createNaiveTree(numbered(MOST));
  const { hashOf } = grow(numbered(MOST), [256, 44]);
  const heads = SIZES.map((size) => ({ size, root: naive.root(size) }));
  let wrong = 0;
  for (const to of heads) {
    for (const from of heads.filter(({ size }) => size <= to.size)) {
      const proof = consistencySpans(from.size, to.size).map(hashOf);
      const expected = naive.consistency(from.size, to.size);
      if (!Buffer.concat(proof).equals(Buffer.concat(expected))) wrong++;
      if (!isConsistent(from, to, proof)) wrong++;
    }
  }
  expect(wrong).toBe(0);
});

test('a proof with one changed bit, one hash more or one less proves nothing', async () => {
  const entries = numbered(MOST);
  const { hashOf } = grow(entries);
  const sample = fc.tuple(fc.integer({ min: 2, max: MOST }), fc.nat(), fc.nat());
  await fc.assert(
    fc.asyncProperty(sample, async ([size, first, second]) => {
      const [leaf, fromSize] = [first % size, 1 + (second % (size - 1))];
      const to = { size, root: hashOf(whole(size)) };
      const from = { size: fromSize, root: hashOf(whole(fromSize)) };
      const wrongs = (proof: readonly Buffer[]): Buffer[][] => [
        ...proof.map((_, at) => proof.map((each, index) => (index === at ? flipped(each) : each))),
        [...proof, to.root],
        [to.root, ...proof],
        proof.slice(0, -1),
        proof.slice(1),
      ];
      const isIncluded = async (
        proof: readonly Buffer[],
        entry = entries[leaf]!,
        at = leaf,
      ): Promise<boolean> => {
        const place = { leaf: at, size };
        const led = await rootOfInclusion(place, plain(leafHash(entry)), proof.map(plain));
        return led !== undefined && to.root.equals(led);
      };
      const inclusion = inclusionSpans(leaf, size).map(hashOf);
      const consistency = consistencySpans(fromSize, size).map(hashOf);
      expect(await isIncluded(inclusion)).toBe(true);
      expect(isConsistent(from, to, consistency)).toBe(true);
      expect(await Promise.all(wrongs(inclusion).map((each) => isIncluded(each)))).not.toContain(
        true,
      );
      expect(wrongs(consistency).some((each) => isConsistent(from, to, each))).toBe(false);
      expect(await isIncluded(inclusion, Buffer.from('another'))).toBe(false);
      expect(await isIncluded(inclusion, entries[leaf], leaf + 1)).toBe(false);
      expect(isConsistent({ ...from, root: flipped(from.root) }, to, consistency)).toBe(false);
      expect(isConsistent(from, { ...to, root: flipped(to.root) }, consistency)).toBe(false);
    }),
    { numRuns: 200 },
  );
});

test('a log that was rewritten is not consistent with an earlier checkpoint', () => {
  const entries = numbered(MOST);
  const honest = grow(entries);
  const sample = fc.tuple(fc.integer({ min: 1, max: MOST }), fc.nat(), fc.nat(), fc.nat(2));
  fc.assert(
    fc.property(sample, ([fromSize, later, nth, change]) => {
      const from = { size: fromSize, root: honest.hashOf(whole(fromSize)) };
      const leaf = nth % fromSize;
      // An entry that the checkpoint has is edited, removed or inserted.
      const put = [[Buffer.from('another')], [], [Buffer.from('another'), entries[leaf]!]][change]!;
      const others = [...entries, ...numbered(2)].toSpliced(leaf, 1, ...put);
      const size = fromSize + (later % (others.length - fromSize + 1));
      const { hashOf } = grow(others);
      const to = { size, root: hashOf(whole(size)) };
      const proof = consistencySpans(fromSize, size).map(hashOf);
      expect(isConsistent(from, to, proof)).toBe(false);
      const honestTo = Math.min(size, MOST);
      const honestProof = consistencySpans(fromSize, honestTo).map(honest.hashOf);
      expect(isConsistent(from, to, honestProof)).toBe(false);
    }),
    { numRuns: 200 },
  );
});

test('70,000 leaves have the tiles of the specification', () => {
  const entries = numbered(70_000);
  const { tiles, hashOf } = grow(entries, [1, 65_534, 1, 2, 1_000, 3_462]);
  const widths = (level: number): number[] =>
    tiles.filter((tile) => tile.level === level).map(({ hashes }) => hashes.length / 32);
  expect([widths(0).length, widths(0).filter((width) => width === 256).length]).toEqual([274, 273]);
  expect(
    tiles.filter(({ level }) => level === 0).find(({ index }) => index === 273)?.hashes,
  ).toHaveLength(112 * 32);
  expect([widths(1), widths(2), widths(3)]).toEqual([[256, 17], [1], []]);
  expect(hashOf(whole(70_000))).toEqual(createNaiveTree(entries).root(70_000));
  expect(tilesOf(inclusionSpans(5, 70_000)).length).toBeLessThanOrEqual(5);
});

test('a tree whose edge is damaged does not grow', () => {
  const { tiles } = grow(numbered(10));
  const [tile] = tiles;
  const leaf = [leafHash(Buffer.from('next'))];
  expect(() => growTiles([], 10, leaf)).toThrow('tile 0/0 does not have 10 hashes');
  expect(() => growTiles([tile!], 11, leaf)).toThrow('tile 0/0 does not have 11 hashes');
});
