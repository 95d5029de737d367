import { expect, test } from 'vitest';
import { PROBLEMS, problemPath, type Problem, type ProblemCode } from './problems.ts';

const CODES = Object.keys(PROBLEMS) as ProblemCode[];

/** The problems that the contract names, with their status. */
const PROMISED: Readonly<Record<string, number>> = {
  invalid_request: 400,
  idempotency_key_missing: 400,
  unauthenticated: 401,
  forbidden: 403,
  user_not_found: 404,
  product_not_found: 404,
  order_not_found: 404,
  destination_not_found: 404,
  balance_limit_exceeded: 409,
  insufficient_balance: 409,
  insufficient_stock: 409,
  cart_full: 409,
  cart_empty: 409,
  product_unavailable: 409,
  total_changed: 409,
  too_many_pending_orders: 409,
  order_not_pending: 409,
  order_expired: 409,
  order_not_refundable: 409,
  refund_exceeds_order: 409,
  cart_changed: 412,
  idempotency_key_reused: 422,
  rate_limited: 429,
  overloaded: 503,
};

/** The members that the contract promises with a problem. */
const MEMBERS: Readonly<Record<string, readonly string[]>> = {
  invalid_request: ['errors'],
  product_not_found: ['productIds'],
  product_unavailable: ['productIds'],
  balance_limit_exceeded: ['limit', 'balance'],
  insufficient_balance: ['balance', 'required'],
  insufficient_stock: ['items'],
  total_changed: ['expectedTotal', 'total', 'items'],
  order_not_pending: ['orderStatus'],
  order_not_refundable: ['orderStatus'],
};

test('every problem that the contract names exists with its status', () => {
  const statuses = Object.fromEntries(CODES.map((code) => [code, PROBLEMS[code].status]));
  expect(statuses).toMatchObject(PROMISED);
});

test('every problem documents the members that the contract promises', () => {
  for (const code of CODES) {
    const { members = {} }: Problem = PROBLEMS[code];
    const told = Object.keys(members);
    expect(told).toEqual(expect.arrayContaining([...(MEMBERS[code] ?? [])]));
  }
});

test('a problem has a code in snake case, a path in kebab case, and a text', () => {
  for (const code of CODES) {
    expect(code).toMatch(/^[a-z]+(_[a-z]+)*$/);
    expect(problemPath(code)).toMatch(/^\/problems\/[a-z]+(-[a-z]+)*$/);
    const { status, title, detail } = PROBLEMS[code];
    expect(status).toBeGreaterThanOrEqual(400);
    expect(title).not.toMatch(/\.$|^$/);
    expect(detail).toMatch(/^[A-Z].*\.$/);
  }
});

test('no two problems have the same title', () => {
  expect(new Set(CODES.map((code) => PROBLEMS[code].title)).size).toBe(CODES.length);
});
