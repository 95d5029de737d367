import { once } from 'node:events';
import type { Server } from 'node:http';
import net, {
  BlockList,
  type AddressInfo,
  type Server as SocketServer,
  type Socket,
} from 'node:net';

/** The servers of the further addresses of each server. */
const further = new WeakMap<Server, SocketServer[]>();

const allOf = (server: Server): SocketServer[] => [server, ...(further.get(server) ?? [])];

/**
 * New connections that can wait while the process is busy: all that Linux allows
 * (net.core.somaxconn); Node.js alone allows 511. Packets of further ones are dropped and repeated
 * by their clients a second later.
 */
export const BACKLOG = 4_096;

/** This machine lacks the address, for example because it has no IPv6. */
const MISSING = new Set(['EADDRNOTAVAIL', 'EAFNOSUPPORT']);

/**
 * Listens on one more address, whose connections are the server's own and have its limits. Without
 * effect if this machine lacks the address; rejects if the port is in use there.
 */
export const listenAlso = async (
  server: Server,
  address: { readonly host: string; readonly port: number },
): Promise<void> => {
  // The options with which Node makes the server itself.
  const other = net.createServer({ allowHalfOpen: true, noDelay: true }, (socket: Socket) => {
    server.emit('connection', socket);
  });
  other.maxConnections = server.maxConnections;
  Object.assign(other, { dropMaxConnection: true });
  try {
    other.listen({ ...address, backlog: BACKLOG });
    await once(other, 'listening');
  } catch (error) {
    if (MISSING.has((error as NodeJS.ErrnoException).code ?? '')) return;
    throw error;
  }
  further.set(server, [...(further.get(server) ?? []), other]);
};

const LOOPBACK = new BlockList();
LOOPBACK.addSubnet('127.0.0.0', 8, 'ipv4');
LOOPBACK.addAddress('::1', 'ipv6');

/** Whether only programs on this machine can connect; also while the server does not listen. */
export const isLocal = (server: Server): boolean =>
  allOf(server).every((each) => {
    const listening = each.address() as AddressInfo | null;
    if (listening === null) return true;
    return LOOPBACK.check(listening.address, listening.family === 'IPv6' ? 'ipv6' : 'ipv4');
  });

/** Resolves when no address accepts connections and all of them have ended. */
export const whenClosed = async (server: Server): Promise<void> => {
  const open = allOf(server).filter((each) => each.listening);
  await Promise.all(open.map((each) => once(each, 'close')));
};

/** Stops accepting connections on all addresses; those that are open stay. */
export const closeAddresses = (server: Server): void => {
  // `Server.close` of HTTP would also close idle connections, on which a request may be on its way.
  net.Server.prototype.close.call(server);
  closeFurther(server);
};

/** Stops accepting connections on the addresses that `listenAlso` has added. */
export const closeFurther = (server: Server): void => {
  for (const each of further.get(server) ?? []) each.close();
};
