// SQLSTATE: PostgreSQL documentation, appendix A. The others are the operating system's.
const CODES = new Set([
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

/** What pg says about a connection, where it gives no code. */
const COMPLAINTS =
  /^(Connection terminated|timeout exceeded when trying to connect|Client .* is not queryable)/;

/** Whether an error says that the database cannot be reached or went away, which passes. */
export const isUnreachable = (error: unknown): boolean => {
  if (!(error instanceof Error)) return false;
  if (!('code' in error) || typeof error.code !== 'string') return COMPLAINTS.test(error.message);
  return CODES.has(error.code) || error.code.startsWith('08');
};
