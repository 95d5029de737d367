import { expect, test } from 'vitest';
import { changeOf, creationOf, draftOf } from './draft.ts';
import type { Destination } from './queries.ts';

const destination: Destination = {
  destinationId: '0197a3c0-5d00-7000-8000-000000000007',
  name: 'Data platform',
  kind: 'webhook',
  url: 'https://data-platform.example.com/events',
  types: ['moa.order.paid.v1', 'moa.order.refunded.v1'],
  ca: null,
  status: 'active',
  createdAt: '2026-01-05T09:30:00.000Z',
  updatedAt: '2026-01-05T09:30:00.000Z',
};

test('an untouched form changes nothing', () => {
  expect(changeOf(destination, draftOf(destination))).toBeUndefined();
});

test('the order in which types are chosen does not matter', () => {
  const types = ['moa.order.refunded.v1', 'moa.order.paid.v1'] as const;
  expect(changeOf(destination, { ...draftOf(destination), types })).toBeUndefined();
});

test('only what differs is sent', () => {
  const draft = { ...draftOf(destination), name: ' New ', types: null };
  expect(changeOf(destination, draft)).toEqual({ name: 'New', types: null });
});

test('an empty secret keeps the old one', () => {
  expect(changeOf(destination, { ...draftOf(destination), secret: ' ' })).toBeUndefined();
  expect(changeOf(destination, { ...draftOf(destination), secret: 'whsec_x' })).toEqual({
    secret: 'whsec_x',
  });
});

test('a new destination receives all events and is active', () => {
  const draft = { ...draftOf(), name: 'NATS', kind: 'nats', url: 'nats://host:4222 ' } as const;
  expect(creationOf(draft)).toEqual({
    name: 'NATS',
    kind: 'nats',
    url: 'nats://host:4222',
    types: null,
    status: 'active',
  });
});

test('certificates are sent for Kafka alone, and only when they differ', () => {
  const ca = '-----BEGIN CERTIFICATE-----\n';
  const draft = {
    ...draftOf(),
    name: 'Log',
    kind: 'kafka',
    url: 'kafkas://host/topic',
    ca,
  } as const;
  expect(creationOf(draft).ca).toBe(ca.trim());
  expect(creationOf({ ...draft, kind: 'nats' })).not.toHaveProperty('ca');
  const kafka = { ...destination, kind: 'kafka', ca } as const;
  expect(changeOf(kafka, draftOf(kafka))).toBeUndefined();
  expect(changeOf(kafka, { ...draftOf(kafka), ca: '' })).toEqual({ ca: null });
});
