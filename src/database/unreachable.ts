// SQLSTATE: PostgreSQL documentation, appendix A. The rest are error codes of the operating system.
/** read_only_sql_transaction: a standby, or a server that its operator made read-only. */
export const READ_ONLY = '25006';

const CODES = new Set([
  READ_ONLY,
  '25P03', // idle_in_transaction_session_timeout
  '57014', // query_canceled: the statement timeout
  '57P01', // admin_shutdown
  '57P02', // crash_shutdown
  '57P03', // cannot_connect_now
  '57P05', // idle_session_timeout
  '53300', // too_many_connections
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
]);

/** Beginnings of pg's messages about a connection that have no code. */
const COMPLAINTS = [
  /^Connection terminated/,
  /^timeout exceeded when trying to connect/,
  /^timeout expired/,
  /^Query read timeout/,
  /^Client .* is not queryable/,
];

/** The code of an error: PostgreSQL's SQLSTATE or the operating system's. */
export const codeOf = (error: unknown): string | undefined =>
  error instanceof Error && 'code' in error && typeof error.code === 'string'
    ? error.code
    : undefined;

/** Whether an error is transient because the database is unreachable or shut down. */
export const isUnreachable = (error: unknown): boolean => {
  if (!(error instanceof Error)) return false;
  const code = codeOf(error);
  if (code === undefined) return COMPLAINTS.some((complaint) => complaint.test(error.message));
  return CODES.has(code) || code.startsWith('08');
};

/**
 * Whether an error says that the database is out of disk space, memory or another resource (class
 * 53), which is transient.
 */
export const isExhausted = (error: unknown): boolean => codeOf(error)?.startsWith('53') === true;
