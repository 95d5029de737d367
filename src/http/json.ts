import type { IncomingHttpHeaders } from 'node:http';
import type { FastifyInstance } from 'fastify';
import { findDuplicateName } from './duplicate-names.ts';
import { mayHideFraction, refuseHiddenFractions } from './fractions.ts';
import { bounded } from './pointer.ts';

const UTF8 = new TextDecoder('utf-8', { fatal: true });

/** Accepts only JSON in well-formed UTF-8 as a body (RFC 8259 §8.1). */
export const acceptJsonOnly = (app: FastifyInstance): void => {
  const parse = app.getDefaultJsonParser('error', 'error');
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body, done) => {
    if (body.length === 0) {
      // Whether something is missing depends on the route.
      done(null, undefined);
      return;
    }
    if (isEncoded(request.headers)) {
      done(encodedBody());
      return;
    }
    let text: string;
    try {
      text = UTF8.decode(body as Buffer);
    } catch {
      done(refusal('is not well-formed UTF-8', { statusCode: 400 }));
      return;
    }
    void parse(request, text, (error, value) => {
      const twice = error === null ? findDuplicateName(text, value) : undefined;
      if (error !== null) done(explain(error, text));
      else if (twice !== undefined) {
        done(refusal('appears twice', { statusCode: 400, pointer: bounded(twice) }));
      } else done(null, mayHideFraction(text) ? JSON.parse(refuseHiddenFractions(text)) : value);
    });
  });
};

/** The error of a body with a `Content-Encoding` or in another encoding than UTF-8. */
export const encodedBody = (): Error =>
  refusal('is encoded', { statusCode: 415, code: 'BODY_ENCODED' });

const refusal = (message: string, details: object): Error =>
  Object.assign(new Error(message), details);

/** The two common labels of the Encoding Standard for UTF-8. */
const UTF8_LABEL = /^utf-?8$/i;
const CHARSET = /;\s*charset\s*=\s*"?([^";\s]*)/i;

/** Whether a body has a content coding (RFC 9110 §8.4), such as `gzip`. */
export const isCoded = ({ 'content-encoding': coding }: IncomingHttpHeaders): boolean =>
  coding !== undefined && coding.toLowerCase() !== 'identity';

/** Whether a body is compressed, or JSON in another encoding than UTF-8. */
const isEncoded = (headers: IncomingHttpHeaders): boolean => {
  if (isCoded(headers)) return true;
  const charset = CHARSET.exec(headers['content-type'] ?? '')?.[1];
  return charset !== undefined && !UTF8_LABEL.test(charset);
};

/** The end of the engine's message; its beginning contains a part of the input. */
const PLACE = /at position \d+ \(line (\d+) column (\d+)\)$/;

/** Fastify's message only says that a body is not JSON; this one adds the position if known. */
const explain = (error: Error & { readonly code?: string }, text: string): Error => {
  if (error.code === 'FST_ERR_CTP_INVALID_JSON_BODY') error.message = complaint(text);
  return error;
};

const complaint = (text: string): string => {
  try {
    JSON.parse(text);
  } catch (error) {
    const { message } = error as SyntaxError;
    const [, line, column] = PLACE.exec(message) ?? [];
    if (message === 'Unexpected end of JSON input') return 'is incomplete JSON';
    return line === undefined
      ? 'is not valid JSON'
      : `is not valid JSON at line ${line}, column ${column}`;
  }
  return 'has a forbidden field `__proto__` or `constructor.prototype`';
};
