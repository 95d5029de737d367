import { Value } from 'typebox/value';
import { expect, test } from 'vitest';
import { sendRaw } from '../support/http-server.ts';
import { pointersIn, problemIn, readAnswers } from '../support/problem.ts';
import { startRealServer } from './real-server.ts';
import { paramsOf, pathOf } from './samples.ts';

const JSON_TYPE = { 'content-type': 'application/json' };
const FORM_TYPE = { 'content-type': 'application/x-www-form-urlencoded' };

/** Each way to send no body or an empty one. */
const EMPTY: readonly { headers: Record<string, string>; body?: string }[] = [
  { headers: {} },
  { headers: JSON_TYPE },
  { headers: {}, body: '' },
  { headers: JSON_TYPE, body: '' },
  // What curl sends for `-d ''`.
  { headers: FORM_TYPE, body: '' },
];

test('an empty body counts as `{}` where no field is required, and elsewhere is missing', async () => {
  const server = await startRealServer();
  const optional: string[] = [];
  for (const route of server.routes) {
    if (route.body === undefined) continue;
    const isOptional = Value.Check(route.body, {});
    if (isOptional) optional.push(route.operation);
    const path = pathOf(route, paramsOf(route, server.known));
    for (const [index, { headers, body }] of EMPTY.entries()) {
      const key = { 'idempotency-key': `${route.operation} ${index}` };
      const answer = await server.exchange({
        method: route.method,
        path,
        headers: { ...server.headersFor(route), ...key, ...headers },
        ...(body === undefined ? {} : { body }),
      });
      if (isOptional) expect(answer.text).not.toContain('invalid_request');
      else {
        expect(problemIn(answer, path)).toBe('invalid_request');
        expect(pointersIn(answer)).toEqual(['']);
        expect(answer.text).toContain('is missing');
      }
    }
  }
  expect(optional).toEqual(expect.arrayContaining(['payOrder', 'cancelOrder', 'refundOrder']));
});

test('no body and `{}` are one request under a key, and an unknown field is rejected', async () => {
  const { exchange, bearer } = await startRealServer();
  const headers = { authorization: await bearer('staff', 'staff'), 'idempotency-key': 'run' };
  const path = '/v1/audit/runs';
  const first = await exchange({ method: 'POST', path, headers });
  expect(first.status).toBe(202);
  const typed = { ...headers, ...JSON_TYPE };
  const again = await exchange({ method: 'POST', path, headers: typed, body: '{}' });
  expect(again).toMatchObject({ status: 202, text: first.text });
  expect(again.headers['idempotency-replayed']).toBe('true');
  const other = await exchange({ method: 'POST', path, headers: typed, body: '{"now":true}' });
  expect(problemIn(other, path)).toBe('invalid_request');
  expect(pointersIn(other)).toEqual(['/now']);
});

test('a pending order is paid by a request without a body', async () => {
  const { exchange, known, bearer } = await startRealServer();
  const { userId, productId } = known;
  const authorization = await bearer('service', 'shop');
  for (const [index, { headers, body }] of EMPTY.entries()) {
    const placed = await exchange({
      method: 'POST',
      path: '/v1/orders',
      headers: { authorization, 'idempotency-key': `order ${index}`, ...JSON_TYPE },
      body: JSON.stringify({ userId, items: [{ productId, quantity: 1 }] }),
    });
    const { orderId } = JSON.parse(placed.text) as { orderId: string };
    const paid = await exchange({
      method: 'POST',
      path: `/v1/orders/${orderId}/payment`,
      headers: { authorization, 'idempotency-key': `payment ${index}`, ...headers },
      ...(body === undefined ? {} : { body }),
    });
    expect(paid).toMatchObject({ status: 201 });
    expect(JSON.parse(paid.text)).toMatchObject({ orderId, status: 'paid' });
  }
});

test('no body with the type of a form and without a length counts as `{}`', async () => {
  const { url, known, exchange, bearer } = await startRealServer();
  const { userId, productId } = known;
  const authorization = await bearer('service', 'shop');
  const placed = await exchange({
    method: 'POST',
    path: '/v1/orders',
    headers: { authorization, 'idempotency-key': 'order', ...JSON_TYPE },
    body: JSON.stringify({ userId, items: [{ productId, quantity: 1 }] }),
  });
  const { orderId } = JSON.parse(placed.text) as { orderId: string };
  // What curl sends with `-H 'Content-Type: …'` and without `-d`.
  const send = async (request: string, type: string): Promise<number | undefined> => {
    const head = [
      `${request} HTTP/1.1`,
      'Host: moa',
      'Connection: close',
      `Authorization: ${authorization}`,
      `Idempotency-Key: ${request}`,
      `Content-Type: ${type}`,
    ];
    return readAnswers(await sendRaw(url, `${head.join('\r\n')}\r\n\r\n`))[0]?.status;
  };
  for (const type of [FORM_TYPE['content-type'], 'text/plain']) {
    expect(await send(`POST /v1/orders/${orderId}/cancellation`, type)).toBe(201);
    expect(await send('PUT /v1/users/alice', type)).toBe(200);
    expect(await send('DELETE /v1/users/alice/cart', type)).toBe(200);
  }
});
