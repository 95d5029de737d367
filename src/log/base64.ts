/** The bytes of a text in base64 (RFC 4648 §4) with its padding; undefined for another text. */
export const decodeBase64 = (text: string): Buffer | undefined => {
  const bytes = Buffer.from(text, 'base64');
  return bytes.toString('base64') === text ? bytes : undefined;
};
