import type { Client, Connection } from 'pg';

/** Rows of one table in COPY's text format. */
export interface CopyRows {
  /** The table and its columns, as SQL names them. */
  readonly target: string;
  readonly chunks: readonly Buffer[];
}

// The parts of pg's connection that its types omit.
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
/** A time as text; caches the last one, because the rows of an event share its time. */
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
  // JSON has already escaped control characters.
  return text.includes('\\') ? text.replaceAll('\\', '\\\\') : text;
};

/**
 * Adds rows to tables with COPY, in one message exchange. Data is sent before the server asks for
 * it, so there is no wait for round trips; the server skips the data if a COPY fails.
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
