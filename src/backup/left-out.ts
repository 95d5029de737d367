/** The folder of the cluster in a data directory. */
export const CLUSTER = 'postgres';

/** What belongs to the process that uses a data directory, and drafts of interrupted starts. */
const OF_A_PROCESS =
  /^(?:lock(?:-journal)?|owner\.pid|postgres\.log(?:\.old)?|(?:postgres|restore)\.new-.*)$/;
const DRAFT_OF_A_KEY = /^keys\/[^/]*\.draft$/;

// PostgreSQL documentation, "Making a Base Backup Using the Low Level API" and, for the last four
// names, "Streaming Replication Protocol", BASE_BACKUP. WAL is copied at the end.
const CONTENT_LEFT_OUT = new Set([
  'pg_wal',
  'pg_replslot',
  'pg_dynshmem',
  'pg_notify',
  'pg_serial',
  'pg_snapshots',
  'pg_stat_tmp',
  'pg_subtrans',
]);
const FILES_LEFT_OUT = new Set([
  'postmaster.pid',
  'postmaster.opts',
  'backup_label',
  'backup_label.old',
  'tablespace_map',
  'tablespace_map.old',
  'postgresql.auto.conf.tmp',
  'current_logfiles.tmp',
  'backup_manifest',
]);
const TEMPORARY = /(?:^|\/)pgsql_tmp/;
const CACHED_CATALOG = /(?:^|\/)pg_internal\.init(?:\.\d+)?$/;
const TEMPORARY_TABLE = /^base\/\d+\/t\d+_\d+(?:_(?:fsm|vm|init))?(?:\.\d+)?$/;

const isLeftOutOfCluster = (path: string): boolean => {
  const [folder = '', ...rest] = path.split('/');
  return (
    (rest.length > 0 && CONTENT_LEFT_OUT.has(folder)) ||
    FILES_LEFT_OUT.has(path) ||
    [TEMPORARY, CACHED_CATALOG, TEMPORARY_TABLE].some((pattern) => pattern.test(path))
  );
};

/**
 * Whether a path in the data directory, with slashes, is no part of a backup. Everything else is
 * part of it, so a new file of the shop cannot be forgotten.
 */
export const isLeftOut = (path: string): boolean =>
  path.startsWith(`${CLUSTER}/`)
    ? isLeftOutOfCluster(path.slice(CLUSTER.length + 1))
    : OF_A_PROCESS.test(path) || DRAFT_OF_A_KEY.test(path);
