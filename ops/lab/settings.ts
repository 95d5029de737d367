/** Where a node is. */
export interface NodePlace {
  readonly name: string;
  readonly folder: string;
  readonly postgresPort: number;
  /** Patroni's REST API, which HAProxy asks for the role. */
  readonly restPort: number;
}

/**
 * Patroni's settings in seconds. A leader that is gone is replaced when its key in etcd expires
 * (`ttl`, at least 20); a PostgreSQL that crashed, at once, instead of after its own recovery
 * (`primary_start_timeout`). `synchronous_mode` is what makes a failover lose nothing: only a
 * standby that has every answered transaction can become the primary.
 */
const TIMES = { ttl: 20, loop_wait: 2, retry_timeout: 5, primary_start_timeout: 0 };

/** The settings file of a node's Patroni (YAML; JSON is a part of YAML). */
export const patroniSettings = (
  { name, folder, postgresPort, restPort, etcd }: NodePlace & { readonly etcd: readonly string[] },
  binaries: string,
  password: string,
): string => {
  const rest = `127.0.0.1:${restPort}`;
  const postgres = `127.0.0.1:${postgresPort}`;
  return JSON.stringify({
    scope: 'moa-lab',
    name,
    restapi: { listen: rest, connect_address: rest },
    etcd3: { hosts: etcd },
    bootstrap: {
      dcs: {
        ...TIMES,
        synchronous_mode: true,
        postgresql: {
          use_pg_rewind: true,
          parameters: { max_connections: 100, wal_keep_size: '1GB', hot_standby_feedback: 'on' },
        },
      },
      initdb: [{ encoding: 'UTF8' }, { locale: 'C' }, 'data-checksums'],
      pg_hba: [
        'host all all 127.0.0.1/32 scram-sha-256',
        'host replication all 127.0.0.1/32 scram-sha-256',
      ],
    },
    postgresql: {
      listen: postgres,
      connect_address: postgres,
      data_dir: `${folder}/data`,
      bin_dir: binaries,
      pgpass: `${folder}/pgpass`,
      // A new standby does not wait for the next regular checkpoint.
      basebackup: [{ checkpoint: 'fast' }],
      authentication: {
        superuser: { username: 'postgres', password },
        replication: { username: 'replicator', password },
        rewind: { username: 'rewinder', password },
      },
      parameters: { unix_socket_directories: '', password_encryption: 'scram-sha-256' },
    },
  });
};

/** HAProxy's settings: connections go to the node whose Patroni says that it is the primary. */
export const haproxySettings = (port: number, nodes: readonly NodePlace[]): string =>
  `global
  maxconn 1000
defaults
  mode tcp
  timeout connect 2s
  timeout client 1h
  timeout server 1h
  timeout check 2s
listen primary
  bind 127.0.0.1:${port}
  option httpchk
  http-check send meth OPTIONS uri /primary
  http-check expect status 200
  default-server inter 1s fall 2 rise 1 on-marked-down shutdown-sessions
${nodes
  .map(
    ({ name, postgresPort, restPort }) =>
      `  server ${name} 127.0.0.1:${postgresPort} check port ${restPort}\n`,
  )
  .join('')}`;
