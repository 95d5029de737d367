import type { Result } from '@moa-commerce/client';
import { expect, test } from 'vitest';
import { isOtherSession, sendUntilAnswered, type Phase } from './sending.ts';

type Answer = Result<string, { readonly code: string }> | Error;

const paid: Answer = { ok: true, data: 'paid', replayed: false };
const refused = (code: string): Answer => ({ ok: false, problem: { code } });
const fault = (reason: string): Error => Object.assign(new Error(reason), { reason });
const lost = fault('no_connection');

/** Sends to a service that gives these answers; the last one again and again. */
const sendTo = async (...answers: readonly Answer[]) => {
  const phases: Phase[] = [];
  let time = 0;
  let sent = 0;
  const outcome = await sendUntilAnswered(
    async () => {
      const answer = answers[Math.min(sent, answers.length - 1)]!;
      sent += 1;
      if (answer instanceof Error) throw answer;
      return answer;
    },
    {
      now: () => time,
      pause: async (ms) => {
        time += ms;
      },
      onPhase: (phase) => phases.push(phase),
    },
  );
  return { outcome, phases, sent, time };
};

test('an answer ends it', async () => {
  expect(await sendTo(paid)).toMatchObject({ outcome: paid, phases: [], sent: 1 });
});

test('a refusal ends it', async () => {
  const refusal = refused('total_changed');
  expect(await sendTo(refusal)).toMatchObject({ outcome: refusal, phases: [], sent: 1 });
});

test('overload is a queue, not an error', async () => {
  expect(await sendTo(refused('overloaded'), refused('rate_limited'), paid)).toMatchObject({
    outcome: paid,
    phases: ['queued', 'queued'],
    sent: 3,
  });
});

test('a lost connection is waited for', async () => {
  expect(await sendTo(lost, paid)).toMatchObject({ outcome: paid, phases: ['offline'], sent: 2 });
});

test('after five minutes it is given up, and the effect is not known', async () => {
  const { outcome, time } = await sendTo(lost);
  expect(outcome).toStrictEqual({ ok: false, lost: { code: 'no_connection' } });
  expect(time).toBe(300_000);
});

test('after a fault of the service the effect is not known', async () => {
  const { outcome, sent } = await sendTo(refused('internal_error'));
  expect(outcome).toStrictEqual({ ok: false, lost: { code: 'internal_error' } });
  expect(sent).toBe(1);
});

test('after an answer of something else the effect is not known', async () => {
  const { outcome } = await sendTo(fault('unexpected_answer'));
  expect(outcome).toStrictEqual({ ok: false, lost: { code: 'unknown' } });
});

test('a refusal of what belongs to somebody else may mean that the session is another one', () => {
  const of = (code: string) => ({ ok: false, problem: { code } }) as const;
  for (const code of ['unauthenticated', 'forbidden', 'user_not_found', 'order_not_found'])
    expect(isOtherSession(of(code))).toBe(true);
  expect(isOtherSession(of('insufficient_balance'))).toBe(false);
  expect(isOtherSession({ ok: false, lost: { code: 'no_connection' } })).toBe(false);
  expect(isOtherSession({ ok: true, data: 'paid', replayed: false })).toBe(false);
});
