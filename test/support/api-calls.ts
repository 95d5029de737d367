import { v7 } from 'uuid';
import type { Answer, createClient } from './client.ts';

export type Client = ReturnType<typeof createClient>;

/** Returns the answer if it has the expected status. */
export const expectStatus = (status: number, answer: Answer): Answer => {
  if (answer.status === status) return answer;
  throw new Error(`expected ${status}, got ${answer.status}: ${answer.text}`);
};

/** Registers users with this balance and returns their ids. */
export const registerUsers = (client: Client, count: number, balance: number) =>
  Promise.all(
    Array.from({ length: count }, async () => {
      const userId = v7();
      expectStatus(201, await client.put(`/v1/users/${userId}`, {}));
      const amount = { amount: balance };
      expectStatus(201, await client.post(`/v1/users/${userId}/wallet/charges`, amount));
      return userId;
    }),
  );

/** Creates a product and returns its id. */
export const createProduct = async (
  client: Client,
  { price, stock }: { readonly price: number; readonly stock: number },
): Promise<string> => {
  const answer = await client.post('/v1/products', { name: 'Mug', price, stock });
  return String(expectStatus(201, answer).body['productId']);
};

export const stockOf = async (client: Client, productId: string): Promise<unknown> =>
  expectStatus(200, await client.get(`/v1/products/${productId}`)).body['stock'];

export const balanceOf = async (client: Client, userId: string): Promise<unknown> =>
  expectStatus(200, await client.get(`/v1/users/${userId}/wallet`)).body['balance'];

/** The number of answers by status and, for a problem, code. */
export const tally = (answers: readonly Answer[]): Record<string, number> => {
  const counts: Record<string, number> = {};
  for (const { status, body } of answers) {
    const name = status < 400 ? String(status) : `${status} ${String(body['code'])}`;
    counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
};
