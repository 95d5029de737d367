import { hash } from 'node:crypto';
import type { RowOf } from '../shop/index.ts';

/** The number and the sum of the digests of a wallet's transfers, kept under the wallet's id. */
export interface TransferSum {
  readonly userId: string;
  readonly count: number;
  /** Modulo 2^64, signed. */
  readonly sum: string;
}

const DIGEST_BITS = 64;

/** A digest as PostgreSQL's bigint, from any integer modulo 2^64. */
export const toDigest = (value: bigint): string => BigInt.asIntN(DIGEST_BITS, value).toString();

/** The sum of two digests, modulo 2^64: the order of the rows does not matter. */
export const addDigests = (a: string, b: string): string => toDigest(BigInt(a) + BigInt(b));

/** The text of a transfer, as PostgreSQL makes it with `concat_ws` for a digest or a comparison. */
export const transferText = (row: RowOf<'transfers'>): string =>
  `${row.userId} ${row.number} ${row.transferId} ${row.kind} ${row.amount} ${row.balanceAfter} ` +
  `${row.reference} ${row.createdAt.getTime()}`;

/** The digest of a transfer, equal to that of `SumTransfers` and `SumTransferDigests`. */
export const digestOf = (row: RowOf<'transfers'>): string => {
  const hex = hash('md5', transferText(row)).slice(0, DIGEST_BITS / 4);
  return toDigest(BigInt(`0x${hex}`));
};
