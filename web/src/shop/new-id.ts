const BYTES = 12;

/** An id of one purchase or charge of this browser. Pages without HTTPS can make it, too. */
export const newId = (): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(BYTES)), (byte) =>
    byte.toString(16).padStart(2, '0'),
  ).join('');

/** Whether an id in an address has the form that this page makes. */
export const isId = (text: string | undefined): text is string =>
  text !== undefined && /^[0-9a-f]{24}$/.test(text);
