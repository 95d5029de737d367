import { createServer, type AddressInfo } from 'node:net';

/** A port of this machine that was free a moment ago. */
export const freePort = (): Promise<number> =>
  new Promise((free, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => free(port));
    });
  });
