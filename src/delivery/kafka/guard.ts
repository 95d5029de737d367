import { saslScramSha, type Connection, type SASLOptions } from '@platformatic/kafka';

/** Answers about topics and batches have a few KiB; the client would keep up to 2 GiB. */
const ANSWER_MAX = 8 * 2 ** 20;
/** The length itself, and the shortest answer: the number of its request. */
const LENGTH_BYTES = 4;
const ANSWER_MIN = 4;
/** Brokers ask for 4,096 to 16,384; more than this would occupy a thread for seconds. */
const ITERATIONS_MAX = 1_000_000;

/**
 * Makes a broken or hostile broker a failure of its connection. The client would keep an answer of
 * any length in memory, and an answer that it cannot read would throw where nobody catches.
 */
export const guard = (connection: Connection): void => {
  // An error may come twice; nobody listens to the second one.
  connection.on('error', () => connection.socket?.destroy());
  connection.once('connecting', () => {
    // The client makes the socket directly after this event.
    queueMicrotask(() => guardSocket(connection));
  });
};

const guardSocket = ({ socket }: Connection): void => {
  const emit = socket.emit.bind(socket);
  const check = createLengthCheck();
  socket.emit = (event: string, ...values: unknown[]): boolean => {
    try {
      if (event === 'data') check(values[0] as Buffer);
      return emit(event, ...values);
    } catch (error) {
      socket.destroy(error as Error);
      return true;
    }
  };
};

/** Reads the length of each answer (Apache Kafka protocol, "Request and Response Headers"). */
const createLengthCheck = (): ((chunk: Buffer) => void) => {
  let head = Buffer.alloc(0);
  let left = 0;
  return (chunk) => {
    let rest = chunk;
    while (rest.length > 0) {
      if (left === 0) {
        const missing = LENGTH_BYTES - head.length;
        head = Buffer.concat([head, rest.subarray(0, missing)]);
        rest = rest.subarray(missing);
        if (head.length < LENGTH_BYTES) return;
        left = head.readInt32BE();
        head = Buffer.alloc(0);
        if (left < ANSWER_MIN || left > ANSWER_MAX) throw new Error('the answer is not of Kafka');
      }
      const taken = Math.min(left, rest.length);
      left -= taken;
      rest = rest.subarray(taken);
    }
  };
};

const { defaultCrypto } = saslScramSha;

/** SCRAM (RFC 5802) with a limit: the broker says how many iterations the client makes. */
export const authenticateScram: NonNullable<SASLOptions['authenticate']> = (
  mechanism,
  connection,
  authenticate,
  user,
  password,
  _token,
  callback,
) => {
  const algorithm = mechanism === 'SCRAM-SHA-256' ? 'SHA-256' : 'SHA-512';
  const crypto = {
    ...defaultCrypto,
    hi: async (...values: Parameters<typeof defaultCrypto.hi>): Promise<Buffer> => {
      const [, , , iterations] = values;
      if (iterations > ITERATIONS_MAX)
        throw new Error(`the broker asks for ${iterations} iterations`);
      return defaultCrypto.hi(...values);
    },
  };
  saslScramSha.authenticate(
    authenticate,
    connection,
    algorithm,
    user ?? '',
    password ?? '',
    crypto,
    callback,
  );
};
