import type { Bytes } from './bytes.ts';
import { hashNode } from './hashing.ts';

/** The positions of two nodes on one level of a tree. */
export interface Nodes {
  readonly first: number;
  readonly second: number;
}

const half = (value: number): number => Math.floor(value / 2);

/** Whether a position is that of a right child. */
export const isOdd = (value: number): boolean => value % 2 === 1;

/** Their parents. */
export const up = ({ first, second }: Nodes): Nodes => ({
  first: half(first),
  second: half(second),
});

/** Up to where the first node is a right child or the first of its level. */
export const upToRight = (nodes: Nodes): Nodes =>
  isOdd(nodes.first) || nodes.first === 0 ? nodes : upToRight(up(nodes));

/**
 * The root that an inclusion proof leads to (RFC 9162 §2.1.3.2); undefined if the proof is too long
 * or too short for the leaf and the size.
 */
export const rootOfInclusion = async (
  { leaf, size }: { readonly leaf: number; readonly size: number },
  hashOfLeaf: Bytes,
  proof: readonly Bytes[],
): Promise<Bytes | undefined> => {
  if (leaf >= size) return undefined;
  let nodes: Nodes = { first: leaf, second: size - 1 };
  let root = hashOfLeaf;
  for (const sibling of proof) {
    if (nodes.second === 0) return undefined;
    if (isOdd(nodes.first) || nodes.first === nodes.second) {
      root = await hashNode(sibling, root);
      nodes = upToRight(nodes);
    } else {
      root = await hashNode(root, sibling);
    }
    nodes = up(nodes);
  }
  return nodes.second === 0 ? root : undefined;
};
