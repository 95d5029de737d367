import type { Client, Connection } from 'pg';

/** Rows of one table in COPY's text format. */
export interface CopyRows {
  /** The table and its columns, as SQL names them. */
  readonly target: string;
  readonly chunks: readonly Buffer[];
}

// The parts of pg's connection that are used here; its types leave them out.
interface CopyConnection extends Connection {
  readonly sendCopyFromChunk: (chunk: Buffer) => void;
  readonly endCopyFrom: () => void;
}

const SPECIAL = /[\\\t\n\r]/g;
const ESCAPES: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  '\t': '\\t',
  '\n': '\\n',
  '\r': '\\r',
};

/** Any text as a field of COPY's text format (PostgreSQL documentation, "COPY"). */
export const textField = (text: string): string =>
  text.search(SPECIAL) === -1 ? text : text.replaceAll(SPECIAL, (each) => ESCAPES[each]!);

let lastTime = new Date(0);
let lastText = lastTime.toISOString();
/** Remembers the last one: the rows of an event share its time, and writing it costs a lot. */
const textOf = (time: Date): string => {
  if (time !== lastTime) {
    lastTime = time;
    lastText = time.toISOString();
  }
  return lastText;
};

/** A time as a field, exact to the millisecond. */
export const timeField = (time: Date | null): string => (time === null ? '\\N' : textOf(time));

/** A value as a field of type json. */
export const jsonField = (value: object): string => {
  const text = JSON.stringify(value);
  // Control characters are escaped already.
  return text.includes('\\') ? text.replaceAll('\\', '\\\\') : text;
};

/**
 * Adds rows to tables with COPY, all in one message exchange. What is sent before the server has
 * asked for it waits in its socket, and is skipped by the server if a COPY fails, so nothing waits
 * for a round trip.
 */
export const copyRows = (client: Client, parts: readonly CopyRows[]): Promise<void> =>
  new Promise((resolve, reject) => {
    const ignore = (): void => undefined;
    client.query({
      submit: (connection: Connection) => {
        const { sendCopyFromChunk, endCopyFrom } = connection as CopyConnection;
        connection.query(parts.map(({ target }) => `copy ${target} from stdin`).join(';'));
        for (const { chunks } of parts) {
          for (const chunk of chunks) sendCopyFromChunk.call(connection, chunk);
          endCopyFrom.call(connection);
        }
      },
      handleCopyInResponse: ignore,
      handleCommandComplete: ignore,
      handleError: reject,
      handleReadyForQuery: () => resolve(),
    });
  });
