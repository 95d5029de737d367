import type { FastifyInstance } from 'fastify';
import { mayHideFraction, refuseHiddenFractions } from './fractions.ts';

const UTF8 = new TextDecoder('utf-8', { fatal: true });

/** Takes JSON in well-formed UTF-8 (RFC 8259 §8.1) and nothing else as a body. */
export const acceptJsonOnly = (app: FastifyInstance): void => {
  const parse = app.getDefaultJsonParser('error', 'error');
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body, done) => {
    let text: string;
    try {
      text = UTF8.decode(body as Buffer);
    } catch {
      done(Object.assign(new Error('is not well-formed UTF-8'), { statusCode: 400 }));
      return;
    }
    void parse(request, text, (error, value) => {
      if (error !== null) done(explain(error, text));
      else done(null, mayHideFraction(text) ? JSON.parse(refuseHiddenFractions(text)) : value);
    });
  });
};

/** How the engine ends its complaint, which begins with a piece of the input. */
const PLACE = /at position \d+ \(line (\d+) column (\d+)\)$/;

/** Fastify only says that a body is not JSON; this says where, as far as the engine tells. */
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
    if (message === 'Unexpected end of JSON input') return 'is JSON that ends too early';
    return line === undefined
      ? 'is not valid JSON'
      : `is not valid JSON at line ${line}, column ${column}`;
  }
  return 'has a field `__proto__` or `constructor.prototype`, which no request may have';
};
