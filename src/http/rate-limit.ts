import rateLimit, { normalizeIP } from '@fastify/rate-limit';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { sendProblem } from './problem.ts';

/**
 * Requests per minute by policy. Staff and a shop's own back end have no limit: they act for many
 * users, and the bounded queue protects the service from them.
 */
const POLICIES = {
  /** Per address: one person or an office, browsing the shop. */
  anonymous: 6_000,
  /** Per user: twenty calls a second, more than any storefront sends for one person. */
  customer: 1_200,
} as const;

const WINDOW_SECONDS = 60;
/** The maximum number of counters; the least recently used ones are dropped first. */
const COUNTERS_MAX = 100_000;

/** A named limit: so many requests in a window, or without one so many at the same time. */
interface Limit {
  readonly name: string;
  readonly max: number;
  readonly windowSeconds?: number;
}

/** Says what is left, and in how many seconds more (draft-ietf-httpapi-ratelimit-headers-10). */
const limitHeaders = (
  { name, max, windowSeconds }: Limit,
  remaining: number,
  seconds: number,
): Record<string, string> => {
  const unit = windowSeconds === undefined ? 'qu="concurrent-requests"' : `w=${windowSeconds}`;
  return {
    'ratelimit-policy': `"${name}";q=${max};${unit}`,
    ratelimit: `"${name}";r=${remaining};t=${seconds}`,
  };
};

/** Rejects a request beyond a limit; a retry may succeed after so many seconds. */
export const sendRateLimited = (
  request: FastifyRequest,
  reply: FastifyReply,
  limit: Limit,
  seconds: number,
): FastifyReply => {
  reply.headers({ ...limitHeaders(limit, 0, seconds), 'retry-after': seconds });
  return sendProblem(request, reply, { code: 'rate_limited' });
};

/**
 * Counts requests and rejects those beyond the limit before any costly work. A request whose token
 * is not yet verified counts for the address.
 */
export const limitRates = async (app: FastifyInstance): Promise<void> => {
  await app.register(rateLimit, { global: false, cache: COUNTERS_MAX });
  const limiter = (max: number, keyOf: (request: FastifyRequest) => string) =>
    app.createRateLimit({ max, timeWindow: WINDOW_SECONDS * 1_000, keyGenerator: keyOf });
  const limiters = {
    // The owner of one IPv6 address has all 2^64 addresses of its subnet.
    anonymous: limiter(POLICIES.anonymous, ({ ip }) => normalizeIP(ip)),
    customer: limiter(POLICIES.customer, ({ caller }) => caller?.userId ?? ''),
  };

  type Policy = keyof typeof POLICIES;
  type State = Awaited<ReturnType<(typeof limiters)[Policy]>>;

  /** Adds the rate limit headers; returns whether the request may continue. */
  const answer = (policy: Policy, state: State, request: FastifyRequest, reply: FastifyReply) => {
    if (state.isAllowed) return true;
    const limit = { name: policy, max: state.max, windowSeconds: WINDOW_SECONDS };
    const { remaining, ttlInSeconds: seconds } = state;
    if (state.isExceeded) sendRateLimited(request, reply, limit, seconds);
    else reply.headers(limitHeaders(limit, remaining, seconds));
    return !state.isExceeded;
  };

  app.addHook('onRequest', (request, reply, done) => {
    const { caller, routeOptions } = request;
    const isExempt =
      (caller !== undefined && caller.role !== 'customer') ||
      routeOptions.config.rateLimit === false;
    if (isExempt) {
      done();
      return;
    }
    const policy = caller === undefined ? 'anonymous' : 'customer';
    limiters[policy](request).then((state) => {
      if (answer(policy, state, request, reply)) done();
    }, done);
  });
};
