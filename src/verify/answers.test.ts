import { expect, test } from 'vitest';
import { createFindings, type Violation } from './findings.ts';
import { judgeEntries } from './reader.ts';
import { judgeAnswers } from './storm.ts';

const CALL = {
  operation: 'charge',
  key: 'k-1',
  path: '/',
  body: {},
  refusals: [],
  record: () => undefined,
};
const first = { status: 201, text: '{"balance":1}', replayed: false };
const again = { ...first, replayed: true };
const refused = { status: 409, text: '{}', replayed: false };

const judged = (answers: Parameters<typeof judgeAnswers>[1]): Violation[] => {
  const found: Violation[] = [];
  judgeAnswers(
    CALL,
    answers,
    createFindings((violation) => found.push(violation)),
  );
  return found;
};

test('the answers of a key are one text, and one of them is the first', () => {
  expect(judged([first, again, undefined, refused])).toEqual([]);
  expect(judged([again, again])).toEqual([]);
  expect(judged([first, first])).toMatchObject([{ check: 'keys', keys: ['k-1'] }]);
  expect(judged([first, { ...again, text: '{"balance":2}' }])).toMatchObject([
    { subject: 'charge k-1', expected: 'one answer: {"balance":1}', found: '{"balance":2}' },
  ]);
});

const ENTRIES = [
  { amount: -30, balanceAfter: 70, reference: 'r-2' },
  { amount: 100, balanceAfter: 100, reference: 'r-1' },
];

test('the entries of a wallet lead to its balance and have what was acknowledged', () => {
  expect(judgeEntries('alice', 70, ENTRIES, 'r-2')).toEqual([]);
  // The wallet was read before the payment, its entries after it.
  expect(judgeEntries('alice', 100, ENTRIES, 'r-1')).toEqual([]);
  expect(judgeEntries('alice', 0, [], undefined)).toEqual([]);
  expect(judgeEntries('alice', 71, ENTRIES, undefined)).toMatchObject([{ found: 'balance 71' }]);
  expect(judgeEntries('alice', 70, ENTRIES, 'r-3')).toMatchObject([{ found: 'no such entry' }]);
  const wrong = [{ ...ENTRIES[0]!, amount: -31 }, ENTRIES[1]!];
  expect(judgeEntries('alice', 70, wrong, undefined)).toMatchObject([
    { subject: 'wallet alice', expected: '100 - 31 after r-2', found: '70' },
  ]);
});

test('a violation is recorded once for each subject', () => {
  const found: Violation[] = [];
  const findings = createFindings((violation) => found.push(violation));
  const violation = { check: 'bank', subject: 'wallet a', expected: '1', found: '2' } as const;
  findings.violate(violation);
  findings.violate({ ...violation, found: '3' });
  findings.violate({ ...violation, subject: 'wallet b' });
  expect(found.map(({ subject }) => subject)).toEqual(['wallet a', 'wallet b']);
  expect(findings.count()).toBe(2);
});
