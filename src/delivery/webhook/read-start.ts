import type { Readable } from 'node:stream';

/** Enough of a body to explain an answer. */
const KEPT_BYTES = 1_024;
/** A longer body is not read to its end, which closes the connection. */
const READ_BYTES_MAX = 16_384;
/** A slower body is not read to its end: no answer delays the next request by more. */
const READ_MS_MAX = 1_000;

/**
 * The first KiB of a body as text (UTF-8; PostgreSQL stores no NUL). Reads a short body to its end,
 * which keeps the connection open. Never rejects: returns what has arrived within a second.
 */
export const readStart = async (body: Readable): Promise<string> => {
  const chunks: Buffer[] = [];
  let size = 0;
  const timer = setTimeout(() => body.destroy(), READ_MS_MAX);
  try {
    for await (const chunk of body) {
      if (size < KEPT_BYTES) chunks.push(chunk as Buffer);
      size += (chunk as Buffer).length;
      if (size > READ_BYTES_MAX) break;
    }
  } catch {
    // The connection ended within the body; the status has arrived.
  } finally {
    clearTimeout(timer);
  }
  const kept = Buffer.concat(chunks).subarray(0, KEPT_BYTES);
  // `stream` omits a character that is cut off at the end.
  return new TextDecoder().decode(kept, { stream: true }).replaceAll('\0', '');
};
