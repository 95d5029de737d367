import { createRecording as createSaleRecording } from '../../bestseller/index.ts';
import { openPool } from '../../database/session.ts';
import { createJournalReader, type Subscriber } from '../../journal/index.ts';
import { createAppending, createSigning, type LogOptions } from '../../log/index.ts';
import { createRecording as createReportRecording } from '../../report/index.ts';

/** Two for each subscriber, to read a range and to write it, and one for the reader. */
const CONNECTIONS = 7;
/** A range takes less than a second; several of them share the processors with other programs. */
const STATEMENT_MAX_MS = 120_000;
/** Each subscriber reports its progress so many times. */
const PARTS = 20;

/**
 * Lets the subscribers of the shop read the journal to its end, at the same time, as they would
 * have in a service: the best sellers, the sales report and, with its key, the transparency log.
 * Each subscriber commits range by range, so a service continues after the last range of an
 * interrupted call. `onProgress` gets the share of the journal that was read, from 0 to 1.
 */
export const followHistory = async (
  url: string,
  log: LogOptions | undefined,
  onProgress: (done: number) => void = () => undefined,
): Promise<void> => {
  const pool = openPool(url, CONNECTIONS, STATEMENT_MAX_MS);
  try {
    const reader = createJournalReader(pool);
    const subscribers = [createSaleRecording(pool, reader), createReportRecording(pool, reader)];
    if (log !== undefined) {
      const { ensureSigned, signer } = createSigning(pool, log);
      await ensureSigned();
      subscribers.push(createAppending(pool, reader, signer));
    }
    const end = await reader.findDecided(0);
    let parts = 0;
    const follow = async ({ catchUp }: Subscriber): Promise<void> => {
      for (let part = 1; part <= PARTS; part++) {
        await catchUp(Math.ceil((end * part) / PARTS), Infinity);
        onProgress(++parts / (PARTS * subscribers.length));
      }
    };
    await Promise.all(subscribers.map(follow));
    await pool.query('analyze');
  } finally {
    await pool.end();
  }
};
