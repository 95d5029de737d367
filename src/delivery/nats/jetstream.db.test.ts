import { jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { needsNats, startNats } from '../../../test/support/nats.ts';
import type { OutgoingEvent } from '../channel.ts';
import { openNats } from './nats.ts';

beforeEach(needsNats);

const PAID = 'moa.order.paid.v1';
const CHARGED = 'moa.wallet.charged.v1';

const toOutgoing = (type: string): OutgoingEvent => ({
  position: 1,
  id: `an event of ${type}`,
  type,
  subject: 'an order',
  sequence: '0000000000000000001',
  time: new Date(0),
  source: '/moa',
  dataschema: '',
  data: '{}',
  json: '{}',
});

test.for(['hello', '', 'null', '5', '{}', '{"error":null}'])(
  'an answer %j of a responder that is not JetStream is a failure that says so',
  async (answer) => {
    const { url } = await startNats();
    const responder = await connect({ servers: url, reconnect: false });
    onTestFinished(() => responder.close());
    const { streams } = await jetstreamManager(responder);
    await streams.add({ name: 'WALLETS', subjects: ['moa.wallet.>'] });
    responder.subscribe(PAID, {
      callback: (_error, message) => {
        message.respond(answer);
        message.respond(answer);
      },
    });
    await responder.flush();
    const channel = openNats({ url, token: null });
    onTestFinished(channel.close);
    const send = (types: readonly string[]) =>
      channel.send(types.map(toOutgoing), new AbortController().signal);
    const detail = `an answer to ${PAID} is not from JetStream`;
    expect(await send([PAID, CHARGED])).toEqual({ kind: 'failed', detail });
    expect(await send([CHARGED])).toEqual({ kind: 'delivered' });
  },
);
