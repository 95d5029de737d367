import { hash } from 'node:crypto';

/** The length of a SHA-256 hash. */
export const HASH_BYTES = 32;

const LEAF = Buffer.of(0);
const NODE = Buffer.of(1);

const sha256 = (bytes: Buffer): Buffer => hash('sha256', bytes, 'buffer');

/** The root of a tree without leaves (RFC 9162 §2.1.1). */
export const EMPTY_ROOT = sha256(Buffer.alloc(0));

/** The hash of a leaf (RFC 9162 §2.1.1). */
export const leafHash = (entry: Buffer): Buffer => sha256(Buffer.concat([LEAF, entry]));

/** The hash of a node with two children (RFC 9162 §2.1.1). */
export const nodeHash = (left: Buffer, right: Buffer): Buffer =>
  sha256(Buffer.concat([NODE, left, right]));

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

const isOdd = (value: number): boolean => value % 2 === 1;
const half = (value: number): number => Math.floor(value / 2);

/** The positions of two nodes on one level of a tree. */
interface Nodes {
  readonly first: number;
  readonly second: number;
}

const up = ({ first, second }: Nodes): Nodes => ({ first: half(first), second: half(second) });

/** Up to where the first node is a right child or the first of its level. */
const upToRight = (nodes: Nodes): Nodes =>
  isOdd(nodes.first) || nodes.first === 0 ? nodes : upToRight(up(nodes));

const upToLeft = (nodes: Nodes): Nodes => (isOdd(nodes.first) ? upToLeft(up(nodes)) : nodes);

/**
 * The root that an inclusion proof leads to (RFC 9162 §2.1.3.2); undefined if the proof is too long
 * or too short for the leaf and the size.
 */
export const rootOfInclusion = (
  { leaf, size }: { readonly leaf: number; readonly size: number },
  hashOfLeaf: Buffer,
  proof: readonly Buffer[],
): Buffer | undefined => {
  if (leaf >= size) return undefined;
  let nodes: Nodes = { first: leaf, second: size - 1 };
  let root = hashOfLeaf;
  for (const sibling of proof) {
    if (nodes.second === 0) return undefined;
    if (isOdd(nodes.first) || nodes.first === nodes.second) {
      root = nodeHash(sibling, root);
      nodes = upToRight(nodes);
    } else {
      root = nodeHash(root, sibling);
    }
    nodes = up(nodes);
  }
  return nodes.second === 0 ? root : undefined;
};

/** A tree: its size and its root. */
export interface TreeHead {
  readonly size: number;
  readonly root: Buffer;
}

const isPowerOfTwo = (value: number): boolean => 2 ** Math.round(Math.log2(value)) === value;

/** Whether the proof shows that `to` begins with all leaves of `from` (RFC 9162 §2.1.4.2). */
export const isConsistent = (from: TreeHead, to: TreeHead, proof: readonly Buffer[]): boolean => {
  if (from.size > to.size) return false;
  if (from.size === to.size) return proof.length === 0 && from.root.equals(to.root);
  if (from.size === 0) return proof.length === 0 && from.root.equals(EMPTY_ROOT);
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
  return nodes.second === 0 && fromRoot.equals(from.root) && toRoot.equals(to.root);
};
