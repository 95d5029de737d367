import type { FastifyReply, FastifyRequest } from 'fastify';
import { invalid, invalidAt, problem, type Refusal, type Reply } from '../contract/index.ts';
import { limitOf } from '../sign-in/index.ts';
import { sendProblem } from './problem.ts';
import { sendRateLimited } from './rate-limit.ts';

/** Better-auth's codes of refusals (`BASE_ERROR_CODES`) that a checked request can get. */
const BY_CODE: Readonly<Record<string, Reply>> = {
  INVALID_EMAIL_OR_PASSWORD: problem({ code: 'sign_in_refused' }),
  // An address that only the library finds invalid.
  VALIDATION_ERROR: invalid('/email', 'is not an e-mail address'),
  INVALID_PASSWORD: invalid('/currentPassword', 'is not the current password'),
  CREDENTIAL_ACCOUNT_NOT_FOUND: invalid('/currentPassword', 'does not exist: you have no password'),
  USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL: problem({ code: 'email_taken' }),
  // Two sign-ups with one address at the same moment, or the database was lost.
  FAILED_TO_CREATE_USER: problem({ code: 'unavailable' }),
  PROVIDER_NOT_FOUND: problem({ code: 'identity_provider_unavailable' }),
};

const TOO_MANY = 429;
const UNAUTHORIZED = 401;
const SERVER_ERROR = 500;

/** The problem of better-auth's refusal; undefined for a fault. */
const refusalOf = (status: number, code: string | undefined): Refusal | undefined => {
  const found = BY_CODE[code ?? ''];
  if (found?.kind === 'problem') return found;
  if (status === UNAUTHORIZED) return { code: 'unauthenticated' };
  if (status >= SERVER_ERROR) return undefined;
  return invalidAt('', 'was refused by sign-in');
};

const bodyOf = async (response: Response): Promise<{ readonly code?: string }> => {
  try {
    return (await response.json()) as { readonly code?: string };
  } catch {
    return {};
  }
};

/** Answers better-auth's refusal of a path with a problem; throws a fault of better-auth. */
export const sendRefusal = async (
  request: FastifyRequest,
  reply: FastifyReply,
  response: Response,
  path: string,
): Promise<FastifyReply> => {
  if (response.status === TOO_MANY) {
    const { window, max } = limitOf(path);
    const seconds = Number(response.headers.get('x-retry-after') ?? window);
    return sendRateLimited(
      request,
      reply,
      { name: 'sign-in', max, windowSeconds: window },
      seconds,
    );
  }
  const { code } = await bodyOf(response);
  const refusal = refusalOf(response.status, code);
  if (refusal === undefined) throw new Error(`sign-in answered ${response.status} (${code})`);
  return sendProblem(request, reply, refusal);
};
