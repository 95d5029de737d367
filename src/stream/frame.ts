/** An event that many streams share; it is encoded once with an id and once without. */
export interface Frame {
  readonly encode: (id: string | undefined) => Buffer;
}

/** An event in the format of the HTML Standard ("Parsing an event stream"); `data` is one line. */
export const createFrame = (event: string, data: string): Frame => {
  let bytes: Buffer | undefined;
  let bytesWithId: { readonly id: string; readonly bytes: Buffer } | undefined;
  return {
    encode: (id) => {
      if (id === undefined) {
        bytes ??= Buffer.from(`event: ${event}\ndata: ${data}\n\n`);
        return bytes;
      }
      if (bytesWithId?.id !== id) {
        const text = `id: ${id}\nevent: ${event}\ndata: ${data}\n\n`;
        bytesWithId = { id, bytes: Buffer.from(text) };
      }
      return bytesWithId.bytes;
    },
  };
};

/** Positions in the journal have as many digits as the `sequence` of an event. */
const DIGITS = 19;

/** The id of an event: the position in the journal up to which the stream is current. */
export const idOf = (position: number): string => String(position).padStart(DIGITS, '0');

/** The position that an id stands for; undefined for a text that is no id. */
export const positionOf = (id: string): number | undefined => {
  const position = /^\d{1,19}$/.test(id) ? Number(id) : NaN;
  return Number.isSafeInteger(position) ? position : undefined;
};
