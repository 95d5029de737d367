import { get, userOf, type Scenario } from '../scenario.ts';

export const walletRead: Scenario = {
  title: 'reads of a balance',
  operation: 'read',
  connections: [32, 256],
  baselines: ['bare Fastify'],
  begin: (shop) =>
    function* ({ count }) {
      const path = `/v1/users/${userOf(shop, count)}/wallet`;
      yield { request: get(path, shop.tokens.service), status: 200 };
    },
};
