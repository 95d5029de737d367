import { hash } from 'node:crypto';
import { HASH_BYTES, isOdd, isSame, up, upToRight, type Nodes } from '../receipt/index.ts';

const LEAF = Buffer.of(0);
const NODE = Buffer.of(1);

const sha256 = (bytes: Buffer): Buffer => hash('sha256', bytes, 'buffer');

/** The root of a tree without leaves (RFC 9162 §2.1.1). */
export const EMPTY_ROOT = sha256(Buffer.alloc(0));

/** The hash of a leaf (RFC 9162 §2.1.1). */
export const leafHash = (entry: Buffer): Buffer => sha256(Buffer.concat([LEAF, entry]));

/** The hash of a node with two children (RFC 9162 §2.1.1). */
const nodeHash = (left: Uint8Array, right: Uint8Array): Buffer =>
  sha256(Buffer.concat([NODE, left, right]));

/** A node before it is hashed: 1, then both children. */
const pair = Buffer.concat([NODE, Buffer.alloc(2 * HASH_BYTES)]);

/**
 * The root above these hashes, whose number is a power of two. Hashes pass as text, because Node
 * makes a string in a third of the time of a buffer.
 */
export const completeRoot = (hashes: Buffer): Buffer => {
  if (hashes.length === HASH_BYTES) return hashes;
  const nodes = Buffer.from(hashes);
  for (let length = nodes.length; length > HASH_BYTES; length /= 2) {
    for (let at = 0; at < length; at += 2 * HASH_BYTES) {
      nodes.copy(pair, NODE.length, at, at + 2 * HASH_BYTES);
      nodes.write(hash('sha256', pair, 'binary'), at / 2, 'latin1');
    }
  }
  return Buffer.from(nodes.subarray(0, HASH_BYTES));
};

/** The leaves from `begin` up to, not including, `end`. */
export interface Span {
  readonly begin: number;
  readonly end: number;
}

/** A complete subtree: 2^level leaves, of which the first is `index` × 2^level. */
export interface Subtree {
  readonly level: number;
  readonly index: number;
}

/** Where a span is divided: after the largest power of two below its length (RFC 9162 §2.1.1). */
const middleOf = ({ begin, end }: Span): number => {
  let half = 1;
  while (half * 2 < end - begin) half *= 2;
  return begin + half;
};

/** The spans whose hashes prove that a tree of this size has the leaf (RFC 9162 §2.1.3.1). */
export const inclusionSpans = (leaf: number, size: number): Span[] => {
  const path = (span: Span): Span[] => {
    if (span.end - span.begin === 1) return [];
    const middle = middleOf(span);
    const left = { begin: span.begin, end: middle };
    const right = { begin: middle, end: span.end };
    return leaf < middle ? [...path(left), right] : [...path(right), left];
  };
  return path({ begin: 0, end: size });
};

/**
 * The spans whose hashes prove that the tree of size `to` begins with the tree of size `from`
 * (RFC 9162 §2.1.4.1); none for an empty or the same tree.
 */
export const consistencySpans = (from: number, to: number): Span[] => {
  const proof = (span: Span, isKnown: boolean): Span[] => {
    if (span.end === from) return isKnown ? [] : [span];
    const middle = middleOf(span);
    const left = { begin: span.begin, end: middle };
    const right = { begin: middle, end: span.end };
    return from <= middle ? [...proof(left, isKnown), right] : [...proof(right, false), left];
  };
  return from === 0 ? [] : proof({ begin: 0, end: to }, true);
};

/**
 * The complete subtrees that a span consists of, from left to right. The span begins where the
 * division of a tree begins one, so each subtree is aligned.
 */
export const subtreesOf = ({ begin, end }: Span): Subtree[] => {
  const subtrees: Subtree[] = [];
  for (let first = begin; first < end;) {
    let level = 0;
    while (2 ** (level + 1) <= end - first) level += 1;
    subtrees.push({ level, index: first / 2 ** level });
    first += 2 ** level;
  }
  return subtrees;
};

/** The hash of a span of a tree (RFC 9162 §2.1.1), from the hashes of complete subtrees. */
export const spanHash = (span: Span, hashOf: (subtree: Subtree) => Buffer): Buffer =>
  subtreesOf(span)
    .map(hashOf)
    .reduceRight<Buffer | undefined>(
      (right, left) => (right === undefined ? left : nodeHash(left, right)),
      undefined,
    ) ?? EMPTY_ROOT;

const upToLeft = (nodes: Nodes): Nodes => (isOdd(nodes.first) ? upToLeft(up(nodes)) : nodes);

/** A tree: its size and its root. */
export interface TreeHead {
  readonly size: number;
  readonly root: Uint8Array;
}

const isPowerOfTwo = (value: number): boolean => 2 ** Math.round(Math.log2(value)) === value;

/** Whether the proof shows that `to` begins with all leaves of `from` (RFC 9162 §2.1.4.2). */
export const isConsistent = (
  from: TreeHead,
  to: TreeHead,
  proof: readonly Uint8Array[],
): boolean => {
  if (from.size > to.size) return false;
  if (from.size === to.size) return proof.length === 0 && isSame(from.root, to.root);
  if (from.size === 0) return proof.length === 0 && isSame(from.root, EMPTY_ROOT);
  const [start, ...rest] = isPowerOfTwo(from.size) ? [from.root, ...proof] : proof;
  if (start === undefined || proof.length === 0) return false;
  let nodes = upToLeft({ first: from.size - 1, second: to.size - 1 });
  let [fromRoot, toRoot] = [start, start];
  for (const sibling of rest) {
    if (nodes.second === 0) return false;
    if (isOdd(nodes.first) || nodes.first === nodes.second) {
      fromRoot = nodeHash(sibling, fromRoot);
      toRoot = nodeHash(sibling, toRoot);
      nodes = upToRight(nodes);
    } else {
      toRoot = nodeHash(toRoot, sibling);
    }
    nodes = up(nodes);
  }
  return nodes.second === 0 && isSame(fromRoot, from.root) && isSame(toRoot, to.root);
};
