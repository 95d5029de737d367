import type { Intent, Result } from '@moa-commerce/client';

/**
 * Sends what was confirmed with the key of its intent, and forgets the key once the outcome is
 * known. A key that was used with other contents is forgotten, too: what it stood for was done, and
 * a further press means a further effect. A lost answer keeps the key.
 */
export const settle = async <Data, Refusal extends { readonly code: string }>(
  intent: Intent,
  send: (key: Intent) => Promise<Result<Data, Refusal>>,
): Promise<Result<Data, Refusal>> => {
  const result = await send(intent);
  if (result.ok || result.problem.code === 'idempotency_key_reused') await intent.done();
  return result;
};
