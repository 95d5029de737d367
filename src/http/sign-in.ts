import { setTimeout as delay } from 'node:timers/promises';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { PROVIDER_ID, type AuthRequest, type SignIn } from '../sign-in/index.ts';
import { isLocal } from './addresses.ts';
import { transportOf } from './caller.ts';
import { fillEmptyBody } from './empty-body.ts';
import { sendProblem } from './problem.ts';
import { mayBeForged, mayBeRebound } from './same-origin.ts';
import { ANSWERS, BODIES, bodyOfSession, redirectOf } from './sign-in-answers.ts';
import { sendRefusal } from './sign-in-refusals.ts';

type Body = keyof typeof BODIES;

/** One of the few calls of better-auth that a browser can reach. */
interface Call {
  readonly method: 'GET' | 'POST';
  /** Below `/auth`. */
  readonly path: string;
  readonly body?: Body;
  /** The library's path and body, where they differ. */
  readonly as?: (body: object) => { readonly path: string; readonly body: object };
  /** What is shown of the library's answer. */
  readonly answer: (answer: unknown) => unknown;
  readonly needsSession?: boolean;
  /** Whether a service that only this machine can reach takes the call under its own names only. */
  readonly needsKnownHost?: boolean;
  /** Which sessions the call ends, so that this process no longer accepts them. */
  readonly ends?: 'own session' | 'other sessions';
}

const CALLS: readonly Call[] = [
  { method: 'POST', path: '/sign-up/email', body: 'signUp', answer: ANSWERS.user },
  { method: 'POST', path: '/sign-in/email', body: 'signIn', answer: ANSWERS.user },
  { method: 'POST', path: '/sign-out', answer: ANSWERS.done, ends: 'own session' },
  {
    method: 'POST',
    path: '/change-password',
    body: 'passwordChange',
    // Whoever knew the old password is signed out.
    as: (body) => ({ path: '/change-password', body: { ...body, revokeOtherSessions: true } }),
    answer: ANSWERS.user,
    needsSession: true,
    ends: 'other sessions',
  },
  { method: 'GET', path: '/list-sessions', answer: ANSWERS.sessions, needsSession: true },
  {
    method: 'POST',
    path: '/revoke-other-sessions',
    answer: ANSWERS.done,
    needsSession: true,
    ends: 'other sessions',
  },
];

const DEMO: Call = {
  method: 'POST',
  path: '/demo',
  body: 'sample',
  answer: ANSWERS.user,
  needsKnownHost: true,
};

const PROVIDER: Call = {
  method: 'POST',
  path: '/sign-in/oauth2',
  body: 'provider',
  as: ({ providerId, ...rest }: { readonly providerId?: string }) => ({
    path: '/sign-in/social',
    body: { provider: providerId, ...rest },
  }),
  answer: redirectOf,
};

const UNKNOWN_HOST =
  'Nothing was changed. Only this machine can reach the service, and the request names an unknown ' +
  'host. Set `MOA_PUBLIC_URL` to the address that browsers show.';

/** How long a provider may take to describe itself or to exchange a code. */
const PROVIDER_MAX_MS = 10_000;
const METHODS = ['DELETE', 'GET', 'HEAD', 'PATCH', 'POST', 'PUT'];

/** The calls belong to the pages, not to the API. */
const HIDDEN = { schema: { hide: true } };

/** Serves sign-in at `/auth`; without sign-in here, says that it is elsewhere. */
export const serveSignIn = (app: FastifyInstance, signIn: SignIn | undefined): void => {
  const options = {
    signIn: signIn === undefined ? 'elsewhere' : 'here',
    demo: signIn?.demo ?? false,
    providers: signIn?.providers ?? [],
  };
  app.get('/auth/options', HIDDEN, (_request, reply) => {
    signIn?.prepare();
    return sendBody(reply, options);
  });
  if (signIn === undefined) {
    app.route({
      method: METHODS,
      url: '/auth/*',
      ...HIDDEN,
      onRequest: (request, reply, _done) => {
        sendProblem(request, reply, { code: 'sign_in_elsewhere' });
      },
      handler: () => undefined,
    });
    return;
  }
  for (const call of [...CALLS, ...(signIn.demo ? [DEMO] : [])]) serveCall(app, signIn, call);
  serveSession(app, signIn);
  if (signIn.providers.length > 0) {
    serveCall(app, signIn, PROVIDER, true);
    serveCallback(app, signIn);
  }
};

const serveCall = (
  app: FastifyInstance,
  signIn: SignIn,
  call: Call,
  asksProvider = false,
): void => {
  const schema = call.body === undefined ? undefined : BODIES[call.body];
  app.route({
    method: call.method,
    url: `/auth${call.path}`,
    schema: { ...HIDDEN.schema, ...(schema === undefined ? {} : { body: schema }) },
    onRequest: (request, reply, done) => {
      const { publicUrl } = signIn;
      const isLimited = call.needsKnownHost === true && isLocal(app.server);
      if (mayBeForged(request, publicUrl)) {
        sendProblem(request, reply, { code: 'cross_site_request' });
      } else if (isLimited && mayBeRebound(request, publicUrl)) {
        sendProblem(request, reply, { code: 'cross_site_request', detail: UNKNOWN_HOST });
      } else done();
    },
    preValidation: schema === undefined ? [] : fillEmptyBody(schema),
    handler: async (request, reply) => {
      if (call.needsSession === true && !(await hasSession(signIn, request))) {
        return sendProblem(request, reply, { code: 'unauthenticated' });
      }
      const { path, body } = schema === undefined ? call : sentBody(call, request.body as object);
      const sent = { ...requestOf(signIn, request), method: call.method, path, asksProvider };
      const asked = signIn.call(body === undefined ? sent : { ...sent, body: body as object });
      const response = asksProvider ? await inTime(asked) : await asked;
      if (response === undefined) {
        return sendProblem(request, reply, { code: 'identity_provider_unavailable' });
      }
      // Also after a refusal, which may come after the end of some.
      evictEnded(signIn, call, request);
      if (!response.ok) return sendRefusal(request, reply, response, path);
      passCookies(response, reply);
      return sendBody(reply, call.answer(await response.json()));
    },
  });
};

/** Ends sessions in the memory of this process, too. */
const evictEnded = (
  { sessions, publicUrl }: SignIn,
  { ends }: Call,
  request: FastifyRequest,
): void => {
  const { cookie } = request.headers;
  if (ends === 'other sessions') sessions.evictAll();
  else if (ends === 'own session' && cookie !== undefined) {
    sessions.evict(cookie, transportOf(request, publicUrl));
  }
};

const sentBody = ({ path, as }: Call, body: object) => as?.(body) ?? { path, body };

/** Answers with the session of the cookie, without its token; null without a valid session. */
const serveSession = (app: FastifyInstance, signIn: SignIn): void => {
  app.get('/auth/get-session', HIDDEN, async (request, reply) => {
    if (!(await hasSession(signIn, request))) return sendBody(reply, null);
    const path = '/get-session';
    const response = await signIn.call({ ...requestOf(signIn, request), method: 'GET', path });
    if (!response.ok) return sendRefusal(request, reply, response, path);
    passCookies(response, reply);
    return sendBody(reply, bodyOfSession(await response.json()));
  });
};

/** Receives the browser from the identity provider and sends it on, signed in or with an error. */
const serveCallback = (app: FastifyInstance, signIn: SignIn): void => {
  app.get(
    `/auth/callback/${PROVIDER_ID}`,
    // A HEAD would use up the code.
    { ...HIDDEN, exposeHeadRoute: false },
    async (request, reply) => {
      const response = await inTime(
        signIn.call({
          ...requestOf(signIn, request),
          method: 'GET',
          path: request.url.slice('/auth'.length),
          asksProvider: true,
        }),
      );
      const location = response?.headers.get('location') ?? undefined;
      if (response === undefined || location === undefined) {
        return sendProblem(request, reply, { code: 'identity_provider_unavailable' });
      }
      passCookies(response, reply);
      return reply.header('cache-control', 'no-store').redirect(location);
    },
  );
};

const hasSession = async (
  { sessions, publicUrl }: SignIn,
  request: FastifyRequest,
): Promise<boolean> => {
  const { cookie } = request.headers;
  if (cookie === undefined) return false;
  return (await sessions.verify(cookie, transportOf(request, publicUrl))) !== undefined;
};

const requestOf = (
  { publicUrl }: SignIn,
  request: FastifyRequest,
): Omit<AuthRequest, 'method' | 'path'> => ({
  ...transportOf(request, publicUrl),
  cookies: request.headers.cookie,
  address: request.ip,
  userAgent: request.headers['user-agent'],
});

const inTime = (answer: Promise<Response>): Promise<Response | undefined> =>
  Promise.race([answer, delay(PROVIDER_MAX_MS, undefined, { ref: false })]);

const passCookies = ({ headers }: Response, reply: FastifyReply): void => {
  const cookies = headers.getSetCookie();
  if (cookies.length > 0) reply.header('set-cookie', cookies);
};

const sendBody = (reply: FastifyReply, body: unknown): FastifyReply =>
  reply
    .header('cache-control', 'no-store')
    .header('x-content-type-options', 'nosniff')
    .type('application/json; charset=utf-8')
    .send(JSON.stringify(body));
