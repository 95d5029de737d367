import { expect, test } from 'vitest';
import type { Sample } from '../sample.ts';
import { summariseSamples } from '../summary.ts';
import { bestConnections } from './measure.ts';
import { renderPeers, renderScenario, renderStock, type SystemResult } from './page.ts';
import { checkStock } from './stock.ts';

const sample = (connections: number, operations: number): Sample => ({
  subject: 'Vendure',
  connections,
  round: 1,
  operations,
  seconds: 10,
  latency: { p50: 120, p95: 200, p99: 250.46, max: 300 },
  unexpected: { 200: 2 },
  processor: { selling: 20_000, others: 1_500, postgres: 9_000, load: 100 },
  walBytes: 1_000,
  stealPercent: 0,
  extra: {},
});

const vendure: SystemResult = {
  name: 'Vendure',
  version: '3.0.0',
  requestsPerOrder: 1,
  also: 'It computes taxes.',
  scenarios: [
    {
      scenario: 'checkout-spread',
      summary: summariseSamples([sample(16, 400), sample(16, 420), sample(16, 440)])[0],
      trials: { 4: 30.04, 16: 41 },
    },
    { scenario: 'hot-product', summary: undefined, trials: {} },
  ],
  stock: checkStock([{ ordered: 1_260, available: 740 }], 2_000, 1_260),
  failure: 'hot-product, 4 connections: Error: the service closed a connection',
};

test('a row has the median of the rounds, all answers without an order and times of an order', () => {
  expect(renderScenario([vendure], 'checkout-spread').split('\n').at(-1)).toBe(
    '| Vendure | 42.0 | 40.0–44.0 | 16 | 4: 30.0, 16: 41.0 | 120 | 250 | 1 | 21.50 | 9.00 | 200: 6 |',
  );
});

test('a system without a round has no row, and the page says why', () => {
  expect(renderScenario([vendure], 'hot-product').split('\n')).toHaveLength(4);
  const page = renderPeers({
    facts: { date: '2026-01-01' },
    systems: [vendure],
    skipped: { Medusa: 'npm ci: ended with 1' },
  });
  expect(page).toContain('- Vendure failed at hot-product, 4 connections');
  expect(page).toContain('- Medusa was not measured: npm ci: ended with 1');
  expect(page).toContain('- **Vendure**: It computes taxes.');
  const late = { ...vendure, failure: undefined };
  expect(renderPeers({ facts: {}, systems: [late], skipped: {} })).toContain(
    '- Vendure, hot-product: no time was left',
  );
});

test('the best number of connections is the one with the most orders a second', () => {
  expect(bestConnections([sample(4, 300), sample(16, 410), sample(64, 405)])).toBe(16);
  expect(bestConnections([])).toBeUndefined();
});

test('units sold twice and units lost are found for each product and do not cancel out', () => {
  const rows = [
    { ordered: 5, available: 97 },
    { ordered: 1, available: 97 },
    { ordered: 0, available: 100 },
  ];
  const check = checkStock(rows, 100, 6);
  expect(check).toEqual({ answered: 6, ordered: 6, gone: 6, notTaken: 2, takenTooMuch: 2 });
  expect(
    renderStock([{ ...vendure, stock: check }])
      .split('\n')
      .at(-1),
  ).toBe('| Vendure | 6 | 6 | 6 | 2 | 2 |');
});
