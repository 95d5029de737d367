import { onTestFinished } from 'vitest';
import { waitUntil } from './wait.ts';

/** An event of a stream, with its data parsed. */
interface StreamEvent {
  readonly id: string | undefined;
  readonly event: string;
  readonly data: Record<string, unknown>;
}

/** A stream as a browser reads it. */
export interface OpenStream {
  readonly status: number;
  readonly headers: Headers;
  readonly events: readonly StreamEvent[];
  /** The text as received. */
  readonly text: () => string;
  /** The last id, of an event or alone. */
  readonly lastId: () => string | undefined;
  /** The last event of a kind whose data passes; waits for one. */
  readonly until: (
    event: string,
    has?: (data: StreamEvent['data']) => boolean,
  ) => Promise<StreamEvent>;
  /** Whether the server has ended the stream. */
  readonly isEnded: () => boolean;
  readonly close: () => void;
}

const fieldOf = (block: string, name: string): string | undefined =>
  new RegExp(`^${name}: ?(.*)$`, 'm').exec(block)?.[1];

/** Opens a stream and reads it until the end of the test. */
export const openStream = async (
  url: string,
  query: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<OpenStream> => {
  const leaving = new AbortController();
  onTestFinished(() => leaving.abort());
  const answer = await fetch(`${url}/v1/stream${query}`, { headers, signal: leaving.signal });
  const events: StreamEvent[] = [];
  let text = '';
  let rest = '';
  let lastId: string | undefined;
  let isEnded = false;
  const take = (block: string): void => {
    const id = fieldOf(block, 'id');
    lastId = id ?? lastId;
    const event = fieldOf(block, 'event');
    const data = fieldOf(block, 'data');
    if (event === undefined || data === undefined) return;
    events.push({ id, event, data: JSON.parse(data) as StreamEvent['data'] });
  };
  const read = async (): Promise<void> => {
    const decoder = new TextDecoder();
    for await (const chunk of answer.body ?? []) {
      const piece = decoder.decode(chunk as Uint8Array, { stream: true });
      text += piece;
      const blocks = (rest + piece).split('\n\n');
      rest = blocks.pop() ?? '';
      for (const block of blocks) take(block);
    }
  };
  void read()
    .catch(() => undefined)
    .finally(() => (isEnded = true));
  return {
    status: answer.status,
    headers: answer.headers,
    events,
    text: () => text,
    lastId: () => lastId,
    until: async (event, has = () => true) => {
      const find = () => events.findLast((each) => each.event === event && has(each.data));
      await waitUntil(() => find() !== undefined || isEnded, `an event ${event}`);
      const found = find();
      if (found === undefined) throw new Error(`the stream ended without ${event}: ${text}`);
      return found;
    },
    isEnded: () => isEnded,
    close: () => leaving.abort(),
  };
};
