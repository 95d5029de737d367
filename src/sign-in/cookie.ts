import { createHmac, timingSafeEqual } from 'node:crypto';

/** Whether a request came over TLS: a cookie set without TLS must not count there. */
export interface Transport {
  readonly isSecure: boolean;
}

/** Without `Path` and `Domain` of its own, as `__Host-` requires (RFC 6265bis §4.1.3.2). */
const NAME = 'moa-session';

/** The name of the session's cookie; over TLS, no other host of the domain can set it. */
export const cookieNameOf = ({ isSecure }: Transport): string =>
  isSecure ? `__Host-${NAME}` : NAME;

/** The value of the session's cookie in a `Cookie` header (RFC 6265 §4.2.1), not yet verified. */
export const findCookie = (header: string, transport: Transport): string | undefined => {
  const start = `${cookieNameOf(transport)}=`;
  for (const pair of header.split(';')) {
    const text = pair.trim();
    if (text.startsWith(start)) return text.slice(start.length);
  }
  return undefined;
};

/** Longer than the library's tokens, with their signature. */
const VALUE_LENGTH_MAX = 300;
const VALUE = /^([\w-]+)\.([A-Za-z0-9+/]{43}=)$/;

/** The token of a cookie that this secret has signed (HMAC-SHA256), else undefined. */
export const tokenIn = (value: string, secret: string): string | undefined => {
  if (value.length > VALUE_LENGTH_MAX) return undefined;
  const [, token, signature] = VALUE.exec(decoded(value)) ?? [];
  if (token === undefined || signature === undefined) return undefined;
  const expected = createHmac('sha256', secret).update(token).digest();
  return timingSafeEqual(expected, Buffer.from(signature, 'base64')) ? token : undefined;
};

const decoded = (value: string): string => {
  try {
    return decodeURIComponent(value);
  } catch {
    return '';
  }
};
