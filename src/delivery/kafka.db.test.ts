import { test } from 'vitest';
import { startKafka } from '../../test/support/kafka/kafka.ts';

test('starts', async () => {
  console.time('start');
  const [server] = await startKafka();
  console.timeEnd('start');
  console.log(server?.open);
});
