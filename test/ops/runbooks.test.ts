import { expect, test } from 'vitest';
import { readAlerts } from '../support/alert-rules.ts';
import { readText } from '../support/repository.ts';

const RUNBOOKS = 'docs/runbooks.md';
const PARTS = ['Customers', 'Look', 'Do', 'Escalate', 'Over'];

const alerts = await readAlerts();
const sections = (await readText(RUNBOOKS)).split(/^## /m).slice(1);

test('each alert has its runbook, and each runbook its alert, in the same order', () => {
  const headings = sections.map((text) => text.split('\n', 1)[0]).filter(Boolean);
  expect(headings.filter((heading) => heading?.startsWith('Moa'))).toEqual(
    alerts.map(({ alert }) => alert),
  );
});

test('each runbook has its five parts', () => {
  const incomplete = sections
    .filter((text) => text.startsWith('Moa'))
    .map((text) => ({
      heading: text.split('\n', 1)[0],
      parts: [...text.matchAll(/^- \*\*(\w+)\.\*\* /gm)].map(([, part]) => part),
    }))
    .filter(({ parts }) => parts.join() !== PARTS.join());
  expect(incomplete).toEqual([]);
});

test.for(alerts)(
  '$alert waits, has a severity, says what happens and leads to its runbook',
  ({ alert, for: wait, labels, annotations }) => {
    expect(wait).toMatch(/^\d+[mh]$/);
    expect(Object.keys(labels)).toEqual(['severity']);
    expect(labels['severity']).toMatch(/^(?:critical|warning)$/);
    expect(annotations['summary']).toMatch(/^[A-Z][^{]*[^.]$/);
    expect(annotations['description']).toMatch(/\{\{ \$labels\.\w+ \}\}.*\.$/);
    // The anchor that GitHub makes of the heading.
    expect(annotations['runbook_url']).toBe(`${RUNBOOKS}#${alert.toLowerCase()}`);
  },
);
