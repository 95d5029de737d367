import { drawCall } from './bank.ts';
import { isDone, type Call } from './calls.ts';
import type { Answer } from './exchange.ts';
import type { Findings } from './findings.ts';
import type { Round } from './workload.ts';

const COPIES_MAX = 8;

/** Violations among the answers to one call: another text, or two that claim to be the first. */
export const judgeAnswers = (
  { key, operation }: Call,
  answers: readonly (Answer | undefined)[],
  { made, violate }: Findings,
): void => {
  const done = answers.filter((answer) => answer !== undefined).filter(isDone);
  const subject = `${operation} ${key}`;
  made('keys');
  const texts = [...new Set(done.map(({ text }) => text))];
  if (texts.length > 1) {
    const expected = `one answer: ${texts[0]}`;
    violate({ check: 'keys', subject, expected, found: texts.slice(1).join(', '), keys: [key] });
  }
  const firsts = done.filter(({ replayed }) => !replayed).length;
  if (firsts > 1) {
    const expected = 'one first answer, others replayed';
    violate({ check: 'keys', subject, expected, found: `${firsts} first answers`, keys: [key] });
  }
};

/**
 * Sends one key several times at once, to every process, some of them abandoned, and again after
 * the decision. Each answer with an effect must be the same, byte for byte.
 */
export const repeatKey: Round = async (workplace, draws, name) => {
  const { calls, findings } = workplace;
  const call = drawCall(workplace, draws, name);
  const copies = draws.between(3, COPIES_MAX);
  const first = await Promise.all(Array.from({ length: copies }, () => calls.send(call)));
  const settled = await calls.settle(call, first);
  if (settled.kind === 'refused') return;
  const decided = { status: 201, text: settled.text, replayed: true };
  judgeAnswers(call, [...first, decided, await calls.send(call)], findings);
};
