import { decodeBase64, fromUtf8 } from './bytes.ts';

/** An event with the proof that the log has it: whoever has the log's key can check a receipt. */
export interface Receipt {
  readonly format: 'moa.receipt.v1';
  /** The event as the log records it: JSON, whose UTF-8 bytes are the leaf. */
  readonly entry: string;
  readonly leafIndex: number;
  /** The inclusion proof in base64, from the leaf to the root. */
  readonly hashes: string[];
  /** The signed size and root of the tree. */
  readonly checkpoint: string;
}

/** A SHA-256 hash in base64. */
export const HASH_PATTERN = '^[A-Za-z0-9+/]{43}=$';
/** A tree of the largest size has proofs of as many hashes. */
export const HASHES_MAX = 53;
/** An event of an order with every line and every field of the longest length. */
export const ENTRY_LENGTH_MAX = 4_000_000;
export const CHECKPOINT_LENGTH_MAX = 100_000;

/** The parsed JSON; undefined for another text. */
export const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/** Whether a value is an object of JSON. */
export const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isText = (value: unknown, lengthMax: number): value is string =>
  typeof value === 'string' && value.length <= lengthMax;

const isHash = (value: unknown): value is string =>
  typeof value === 'string' && new RegExp(HASH_PATTERN).test(value);

const isReceipt = (value: unknown): value is Receipt => {
  if (!isObject(value)) return false;
  const { format, entry, leafIndex, hashes, checkpoint, ...others } = value;
  return (
    Object.keys(others).length === 0 &&
    format === 'moa.receipt.v1' &&
    isText(entry, ENTRY_LENGTH_MAX) &&
    Number.isSafeInteger(leafIndex) &&
    Number(leafIndex) >= 0 &&
    Array.isArray(hashes) &&
    hashes.length <= HASHES_MAX &&
    hashes.every(isHash) &&
    isText(checkpoint, CHECKPOINT_LENGTH_MAX)
  );
};

const TLOG_PROOF =
  /^c2sp\.org\/tlog-proof@v1\nextra (\S+)\nindex (0|[1-9][0-9]{0,15})\n((?:\S+\n)*)\n([^]+)$/;

/** The receipt in a file, as JSON or as tlog-proof; undefined if the file has none. */
export const parseReceipt = (file: string): Receipt | undefined => {
  const [, extra, index, hashes = '', checkpoint] = TLOG_PROOF.exec(file) ?? [];
  if (extra === undefined) {
    const parsed = parseJson(file);
    return isReceipt(parsed) ? parsed : undefined;
  }
  const entry = decodeBase64(extra);
  const receipt = {
    format: 'moa.receipt.v1',
    entry: entry && fromUtf8(entry),
    leafIndex: Number(index),
    hashes: hashes.split('\n').slice(0, -1),
    checkpoint,
  };
  return isReceipt(receipt) ? receipt : undefined;
};
