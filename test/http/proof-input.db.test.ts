import { expect } from 'vitest';
import type { Role } from '../../src/contract/index.ts';
import { problemIn } from '../support/problem.ts';
import { testOnSharedServer, type RealServer } from './real-server.ts';

const UNKNOWN = '0197a3c0-5d00-7000-8000-00000000000f';

/** Reads an address as somebody; returns the status and the code of the problem. */
const createRead =
  ({ exchange, bearer }: RealServer) =>
  async (path: string, role?: Role, userId = 'bob'): Promise<string> => {
    const headers = role === undefined ? {} : { authorization: await bearer(role, userId) };
    const answer = await exchange({ method: 'GET', path, headers });
    return `${answer.status} ${problemIn(answer)}`;
  };

testOnSharedServer(
  'an unknown order and an order of somebody else have no receipt and no events',
  async ({ shared: server }) => {
    const read = createRead(server);
    const owned = String(server.known['orderId']);
    for (const part of ['receipt', 'events']) {
      const of = (orderId: string) => `/v1/orders/${orderId}/${part}`;
      expect(await read(of(owned))).toBe('401 unauthenticated');
      for (const role of ['customer', 'staff', 'service'] as const) {
        expect(await read(of(UNKNOWN), role)).toBe('404 order_not_found');
        expect(await read(of('1'), role)).toBe('400 invalid_request');
      }
      expect(await read(of(owned), 'customer', 'bob')).toBe('404 order_not_found');
    }
  },
);

testOnSharedServer(
  'a proof or a tile with malformed parameters is refused',
  async ({ shared: server }) => {
    const read = createRead(server);
    const invalid = [
      'proof/inclusion',
      'proof/inclusion?leaf=-1',
      'proof/inclusion?leaf=1.5',
      'proof/inclusion?leaf=x',
      'proof/inclusion?leaf=0&leaf=1',
      'proof/inclusion?leaf=9007199254740993',
      'proof/inclusion?event=x',
      `proof/inclusion?leaf=0&event=${UNKNOWN}`,
      'proof/inclusion?leaf=0&size=9007199254740991',
      'proof/inclusion?leaf=0&surprise=1',
      'proof/consistency?from=-1',
      'proof/consistency?from=2&to=1',
      'proof/consistency?to=9007199254740991',
      'proof/consistency?from=x',
      'tile/64/000',
      'tile/00/000',
      'tile/-1/000',
      'tile/0/0',
      'tile/0/0000',
      'tile/0/001/000',
      'tile/0/x01/000',
      'tile/0/000.p/0',
      'tile/0/000.p/256',
      'tile/0/000.p/01',
      'tile/entries/000',
      'tile/entries/000.p/1',
    ];
    for (const path of invalid) {
      expect(`${path} ${await read(`/v1/log/${path}`)}`).toBe(`${path} 400 invalid_request`);
    }
    const missing = {
      [`proof/inclusion?event=${UNKNOWN}`]: 'leaf_not_found',
      'proof/inclusion?leaf=0&size=0': 'leaf_not_found',
      'tile/0/x999/x999/999': 'tile_not_found',
      'tile/0/x001/x234/067.p/255': 'tile_not_found',
      'tile/63/000': 'tile_not_found',
      'tile/0/x000/x000/x000/000': 'not_found',
      'tile/0/000.p': 'invalid_request',
    };
    for (const [path, code] of Object.entries(missing)) {
      const status = code === 'invalid_request' ? 400 : 404;
      expect(`${path} ${await read(`/v1/log/${path}`)}`).toBe(`${path} ${status} ${code}`);
    }
  },
);

testOnSharedServer(
  'a time in the future is refused, and before its beginning nothing exists',
  async ({ shared: server }) => {
    const read = createRead(server);
    for (const [path, code] of [
      [`/v1/products/${String(server.known['productId'])}`, 'product_not_found'],
      ['/v1/users/alice/wallet', 'user_not_found'],
    ] as const) {
      for (const role of ['staff', 'service'] as const) {
        expect(await read(`${path}?at=2999-01-01T00:00:00Z`, role)).toBe('400 invalid_request');
        expect(await read(`${path}?at=2000-01-01T00:00:00Z`, role)).toBe(`404 ${code}`);
        for (const at of ['x', '', '2026-02-30T00:00:00Z', '0', '2026-01-01']) {
          expect(await read(`${path}?at=${at}`, role)).toBe('400 invalid_request');
        }
      }
    }
  },
);
