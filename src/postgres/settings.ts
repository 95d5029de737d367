import { totalmem } from 'node:os';

const MIB = 1024 * 1024;

/** PostgreSQL's default; commands, tests and psql connect too. */
const CONNECTIONS_MIN = 100;

/**
 * Settings of the embedded PostgreSQL, each with its reason. The settings for durable commits
 * (fsync, synchronous_commit, full_page_writes) keep PostgreSQL's default: on.
 */
export const postgresSettings = (
  port: number,
  connections = CONNECTIONS_MIN,
  memoryBytes = totalmem(),
): Record<string, string> => {
  // An eighth of the memory: the service runs on the same machine, and the rest caches files.
  const buffersMib = Math.round(Math.min(Math.max(memoryBytes / MIB / 8, 64), 1024));
  return {
    port: String(port),
    // Only this machine, and no socket file whose path could be too long.
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: String(Math.max(connections, CONNECTIONS_MIN)),
    shared_buffers: `${buffersMib}MB`,
    effective_cache_size: `${buffersMib * 4}MB`,
    // Long checkpoint cycles: the first change to a page after each one logs the whole page.
    checkpoint_timeout: '15min',
    max_wal_size: '4GB',
    min_wal_size: '512MB',
    wal_compression: 'pglz',
    // Every statement is short and prepared; compiling one would cost more than running it.
    jit: 'off',
    timezone: 'UTC',
    log_min_messages: 'warning',
  };
};

/** The text of a settings file. */
export const renderSettings = (settings: Readonly<Record<string, string>>): string =>
  Object.entries(settings)
    .map(([name, value]) => `${name} = '${value.replaceAll("'", "''")}'\n`)
    .join('');
