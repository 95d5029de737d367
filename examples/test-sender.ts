import { createHmac, randomBytes } from 'node:crypto';
import { v7 } from 'uuid';

export const newSecret = (): string => `whsec_${randomBytes(32).toString('base64')}`;

/** The signature of Standard Webhooks 1.0.0, without the library that the receivers use. */
export const signatureOf = (
  secret: string,
  { id, timestamp, body }: { id: string; timestamp: string; body: string | Buffer },
): string => {
  const key = Buffer.from(secret.replace('whsec_', ''), 'base64');
  const signature = createHmac('sha256', key).update(`${id}.${timestamp}.`).update(body);
  return `v1,${signature.digest('base64')}`;
};

export const nowInSeconds = (): number => Math.floor(Date.now() / 1_000);

/** The headers that Moa sends with a body. */
export const headersOf = (
  secret: string,
  body: string | Buffer,
  timestamp = String(nowInSeconds()),
): Record<string, string> => {
  const id = v7();
  return {
    'content-type': 'application/cloudevents-batch+json; charset=utf-8',
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': signatureOf(secret, { id, timestamp, body }),
  };
};

/** Sends a body like Moa, with the given headers instead of Moa's. */
export const post = (
  url: string,
  secret: string,
  body: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<Response> =>
  fetch(url, { method: 'POST', body, headers: { ...headersOf(secret, body), ...headers } });

export const send = (url: string, secret: string, events: readonly object[]): Promise<Response> =>
  post(url, secret, JSON.stringify(events));

const TIME = '2026-11-23T10:00:00.123Z';

let positions = 0;

/** An event that is later than all events before, also if it has the same time. */
export const eventOf = (type: string, subject: string, data: object, time = TIME) => ({
  specversion: '1.0',
  id: v7(),
  source: 'urn:uuid:01980000-0000-7000-8000-000000000000',
  type: `moa.${type}`,
  subject,
  time,
  sequence: String(++positions).padStart(19, '0'),
  partitionkey: subject,
  datacontenttype: 'application/json',
  dataschema: `http://127.0.0.1:3000/schemas/events/moa.${type}.json`,
  data,
});

interface Line {
  readonly productId: string;
  readonly name?: string;
  readonly quantity: number;
  readonly unitPrice: number;
}

const totalOf = (lines: readonly Line[]): number =>
  lines.reduce((sum, { quantity, unitPrice }) => sum + quantity * unitPrice, 0);

export const paid = (lines: readonly Line[], time = TIME, orderId: string = v7()) =>
  eventOf(
    'order.paid.v1',
    orderId,
    {
      orderId,
      userId: 'alice',
      items: lines.map((line) => ({
        name: 'Mug',
        ...line,
        lineTotal: line.quantity * line.unitPrice,
      })),
      total: totalOf(lines),
      currency: 'KRW',
      createdAt: time,
      paidAt: time,
    },
    time,
  );

export const refunded = (lines: readonly Line[], orderId: string = v7()) =>
  eventOf('order.refunded.v1', orderId, {
    refundId: v7(),
    orderId,
    userId: 'alice',
    items: lines.map(({ productId, quantity, unitPrice }) => ({
      productId,
      quantity,
      amount: quantity * unitPrice,
      isWhole: false,
    })),
    amount: totalOf(lines),
    restock: true,
    paidAt: TIME,
  });
