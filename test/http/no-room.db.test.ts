import { expect, onTestFinished, test, vi } from 'vitest';
import { startSystem } from '../../src/system.ts';
import { createTestDatabase } from '../support/database.ts';
import { createOperations } from '../support/operations.ts';
import { TEST_SETTINGS } from '../support/settings.ts';
import { paramsOf, samplesOf } from './samples.ts';

test('every operation that submits a command is refused early while there is no room', async () => {
  const system = startSystem(await createTestDatabase(), TEST_SETTINGS);
  onTestFinished(system.close);
  const { commit, routes } = system;
  const call = createOperations(routes);
  const submit = vi.spyOn(commit, 'submit').mockResolvedValue({ kind: 'overloaded' });
  const submitting = new Set<string>();
  const refusing = new Set<string>();
  for (const route of routes) {
    const { operation, method, fileTypes, isFull } = route;
    if (isFull === commit.isFull) refusing.add(operation);
    if (method === 'GET' || fileTypes !== undefined) continue;
    submit.mockClear();
    const [body] = route.body === undefined ? [{}] : samplesOf(route.body, {});
    await call(operation, { params: paramsOf(route, {}), body: body as object });
    if (submit.mock.calls.length > 0) submitting.add(operation);
  }
  expect(submitting).toEqual(refusing);
  expect(submitting).toContain('checkout');
  expect(submitting).toContain('clearCart');
});
