import { get, type Scenario } from '../scenario.ts';

export const bestSellers: Scenario = {
  title: 'reads of the five best sellers of a shop with a history',
  operation: 'read',
  connections: [32, 256],
  baselines: ['bare Fastify'],
  history: true,
  begin: () =>
    function* () {
      yield { request: get('/v1/best-sellers?days=3&limit=5'), status: 200 };
    },
};
