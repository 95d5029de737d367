import { Type } from 'typebox';
import { expect, test } from 'vitest';
import { refuse, type Refused } from '../commit/index.ts';
import { PROBLEM_FIELDS, type Problem } from './problems.ts';
import type { Refusal } from './refusal.ts';

// `tsc` checks these; without an error at its next line, an `@ts-expect-error` is itself an error.
test('a refusal with a wrong, missing or additional member does not compile', () => {
  const refusals: Refused<Refusal>[] = [
    refuse({ code: 'cart_empty' }),
    refuse({ code: 'cart_full', members: { limit: 100 } }),
    refuse({ code: 'order_not_pending', members: { orderStatus: 'paid' } }),
    // @ts-expect-error a problem without members
    refuse({ code: 'cart_empty', members: { limit: 1 } }),
    // @ts-expect-error a missing member
    refuse({ code: 'cart_full' }),
    // @ts-expect-error a member of the wrong type
    refuse({ code: 'cart_full', members: { limit: '100' } }),
    // @ts-expect-error an additional member
    refuse({ code: 'cart_full', members: { limit: 100, quantity: 1 } }),
    // @ts-expect-error a status that no order has
    refuse({ code: 'order_not_pending', members: { orderStatus: 'lost' } }),
    // @ts-expect-error an unknown problem
    refuse({ code: 'cart_lost' }),
  ];
  expect(refusals).toHaveLength(9);
});

test('a member with the name of a field of every problem does not compile', () => {
  const text = { status: 409, title: 'x', detail: 'x' };
  const member = Type.String();
  const problems: Problem[] = [
    { ...text, members: { limit: member } },
    // @ts-expect-error
    { ...text, members: { type: member } },
    // @ts-expect-error
    { ...text, members: { title: member } },
    // @ts-expect-error
    { ...text, members: { status: member } },
    // @ts-expect-error
    { ...text, members: { detail: member } },
    // @ts-expect-error
    { ...text, members: { instance: member } },
    // @ts-expect-error
    { ...text, members: { code: member } },
    // @ts-expect-error
    { ...text, members: { traceId: member } },
  ];
  expect(problems).toHaveLength(1 + Object.keys(PROBLEM_FIELDS).length);
});
