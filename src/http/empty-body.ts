import type { TSchema } from 'typebox';
import { Check } from 'typebox/schema';
import type { onRequestHookHandler, preValidationHookHandler } from 'fastify';
import { sendInvalid } from './problem.ts';

/** Whether an empty body counts as `{}`: no field is required. */
export const acceptsEmptyBody = (body: TSchema): boolean => Check(body, {});

/**
 * Ignores the `Content-Type` of a body that is empty by its headers (RFC 9112 §6.3): many clients
 * send the one of a form.
 */
export const ignoreTypeOfNothing: onRequestHookHandler = ({ raw: { headers } }, _reply, done) => {
  const { 'content-length': length = '0', 'transfer-encoding': coding } = headers;
  if (length === '0' && coding === undefined) delete headers['content-type'];
  done();
};

/** Fills in `{}` for an empty body, or rejects the request where the body has a required field. */
export const fillEmptyBody = (body: TSchema): preValidationHookHandler => {
  const isOptional = acceptsEmptyBody(body);
  return (request, reply, done) => {
    if (request.body !== undefined) done();
    else if (isOptional) {
      request.body = {};
      done();
    } else sendInvalid(request, reply, '', 'is missing');
  };
};
