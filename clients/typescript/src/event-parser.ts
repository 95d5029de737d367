/** An event of a stream, before its data has a type. */
export interface Message {
  readonly event: string;
  readonly data: string;
  /** The last id so far, of this event or of an earlier one; empty if there was none. */
  readonly lastEventId: string;
}

export interface EventParser {
  /** The events that the bytes complete; the bytes may end anywhere, also within a character. */
  readonly push: (bytes: Uint8Array) => Message[];
  /** The last id that a blank line has completed. */
  readonly lastEventId: () => string;
  /** The milliseconds of the last `retry`. */
  readonly retryMs: () => number | undefined;
}

/** Splits text at CRLF, LF and CR; a CR at the end of a piece may be half of a CRLF. */
const createLineSplitter = (): ((piece: string) => string[]) => {
  let rest = '';
  let endedInCarriageReturn = false;
  return (piece) => {
    if (piece === '') return [];
    const text = endedInCarriageReturn && piece.startsWith('\n') ? piece.slice(1) : piece;
    endedInCarriageReturn = piece.endsWith('\r');
    const lines = (rest + text).split(/\r\n|\n|\r/);
    rest = lines.pop() ?? '';
    return lines;
  };
};

/** The name and the value of a line; one space after the colon is not part of the value. */
const fieldOf = (line: string): readonly [name: string, value: string] => {
  const colon = line.indexOf(':');
  if (colon === -1) return [line, ''];
  return [line.slice(0, colon), line.slice(colon + 1).replace(/^ /, '')];
};

/**
 * Parses a stream of server-sent events (HTML Standard, section 9.2.6, "Interpreting an event
 * stream"). An event that no blank line completes is dropped. `lastEventId` is the last id of the
 * connection before this one.
 */
export const createEventParser = (lastEventId = ''): EventParser => {
  // Without `ignoreBOM`, it drops one byte order mark at the start, as the standard demands.
  const decoder = new TextDecoder();
  const split = createLineSplitter();
  const buffer = { data: '', event: '', id: lastEventId };
  let completedId = lastEventId;
  let retryMs: number | undefined;

  const complete = (): Message | undefined => {
    const { data, event, id } = buffer;
    completedId = id;
    buffer.data = '';
    buffer.event = '';
    if (data === '') return undefined;
    return { event: event || 'message', data: data.slice(0, -1), lastEventId: id };
  };
  const take = (name: string, value: string): void => {
    if (name === 'data') buffer.data += `${value}\n`;
    else if (name === 'event') buffer.event = value;
    else if (name === 'id' && !value.includes('\0')) buffer.id = value;
    else if (name === 'retry' && /^\d+$/.test(value)) retryMs = Number(value);
  };

  return {
    push: (bytes) =>
      split(decoder.decode(bytes, { stream: true })).flatMap((line) => {
        if (line === '') return complete() ?? [];
        // A comment has an empty name, which is no field.
        take(...fieldOf(line));
        return [];
      }),
    lastEventId: () => completedId,
    retryMs: () => retryMs,
  };
};
