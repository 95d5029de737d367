import { randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

const GIVEN = /^[A-Za-z0-9._-]{1,64}$/;
/** W3C Trace Context, level 1, §3.2: version, trace id, parent id, flags. */
const TRACE_PARENT = /^[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}$/;

/** The id of each request: from the client or its trace, or else a counter of this process. */
export const createRequestIds = () => {
  const prefix = randomBytes(6).toString('base64url');
  let count = 0;
  return ({ headers }: Pick<IncomingMessage, 'headers'>): string => {
    const given = headers['x-request-id'];
    if (typeof given === 'string' && GIVEN.test(given)) return given;
    const parent = headers['traceparent'];
    const traceId = typeof parent === 'string' ? TRACE_PARENT.exec(parent)?.[1] : undefined;
    return traceId ?? `${prefix}-${(++count).toString(36)}`;
  };
};
