import { beforeEach, expect, test } from 'vitest';
import {
  createEvents,
  deliver,
  idsOf,
  openChannel,
  readIds,
  sendDuring,
} from '../../../test/support/kafka/kafka-events.ts';
import { createTopic, readLeaders } from '../../../test/support/kafka/kafka-reader.ts';
import { needsKafka, startKafka } from '../../../test/support/kafka/kafka.ts';
import { waitUntil } from '../../../test/support/wait.ts';

beforeEach(needsKafka);

test('partitions whose leader is killed, and goes back, lose, repeat and reorder nothing', async () => {
  const [first, second] = await startKafka({ brokers: 2 });
  if (first === undefined || second === undefined) throw new Error('not two brokers');
  const until = (leaders: readonly number[]) =>
    waitUntil(
      async () => (await readLeaders(first.open, 'moved')).join() === leaders.join(),
      `the leaders ${leaders.join()}`,
    );
  await createTopic(first.open, 'moved', { partitions: 4, replicas: 2 });
  await until([1, 1, 2, 2]);
  const channel = openChannel(`kafka://${first.open},${second.open}/moved`);
  const ahead = createEvents(10);
  await deliver(channel, ahead);
  const { sent } = await sendDuring(channel, async () => {
    await second.kill();
    await until([1, 1, 1, 1]);
    await second.restart();
    await until([1, 1, 2, 2]);
  });
  expect(await readIds(first.open, 'moved')).toEqual(idsOf([...ahead, ...sent]));
});
