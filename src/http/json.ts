import type { FastifyInstance } from 'fastify';

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
    parse(request, text, done);
  });
};
