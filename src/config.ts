import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { availableParallelism } from 'node:os';
import { Ajv } from 'ajv';
import formats from 'ajv-formats';
import { envSchema } from 'env-schema';
import { closest } from 'fastest-levenshtein';
import { Type, type Static } from 'typebox';
import { TIME_ZONE_PATTERN, defaultTimeZone, isTimeZone } from './report/index.ts';
import { isDatabaseUrl } from './database/urls.ts';
import { errorsIn, type ConfiguredDestination } from './delivery/index.ts';
import { TELEMETRY, telemetryOf } from './telemetry.ts';

const Switch = Type.Enum(['on', 'off']);

/**
 * Half of what a wallet can hold: the other half is left for refunds, which may lift a balance
 * beyond the limit for charges.
 */
const BALANCE_LIMIT_MAX = 2 ** 52;

/** A lane's wait for a locked row, in which each process may commit a batch that locks it. */
const LOCK_MS = 100;
/** A row that a person has locked delays a batch once by this much. */
const LOCK_MOST_MS = 500;

/** Every environment variable that Moa reads, with its schema. */
export const Environment = Type.Object({
  PORT: Type.Integer({ minimum: 0, maximum: 65_535, default: 3000 }),
  HOST: Type.String({ minLength: 1, default: '127.0.0.1' }),
  DATABASE_URL: Type.Optional(Type.String({ pattern: '^postgres(ql)?://' })),
  MOA_DATA_DIR: Type.String({ minLength: 1, default: '.moa' }),
  MOA_AUDIT_SECONDS: Type.Number({ minimum: 0, maximum: 86_400, default: 60 }),
  MOA_AUDIT_SCRUB_HOURS: Type.Number({ exclusiveMinimum: 0, maximum: 8_760, default: 24 }),
  MOA_RATE_LIMIT: Type.Enum(['on', 'off'], { default: 'on' }),
  MOA_CURRENCY: Type.String({ default: 'KRW' }),
  MOA_BALANCE_MAX: Type.Integer({ minimum: 1, maximum: BALANCE_LIMIT_MAX, default: 2_000_000 }),
  MOA_TIME_ZONE: Type.Optional(Type.String({ pattern: TIME_ZONE_PATTERN })),
  MOA_SELF_CHARGE: Type.Optional(Switch),
  MOA_RESERVATION_MINUTES: Type.Number({ exclusiveMinimum: 0, maximum: 43_200, default: 15 }),
  MOA_PENDING_ORDERS_MAX: Type.Integer({ minimum: 1, maximum: 10_000, default: 10 }),
  MOA_DEMO: Type.Optional(Switch),
  MOA_JWKS_URL: Type.Optional(Type.String({ pattern: '^https?://' })),
  MOA_JWT_ISSUER: Type.Optional(Type.String({ minLength: 1 })),
  MOA_JWT_AUDIENCE: Type.Optional(Type.String({ minLength: 1 })),
  MOA_SIGNING_KEY_FILE: Type.Optional(Type.String({ minLength: 1 })),
  MOA_SIGN_IN_SECRET: Type.Optional(Type.String({ minLength: 32 })),
  MOA_OIDC_ISSUER: Type.Optional(Type.String({ pattern: '^https?://', format: 'uri' })),
  MOA_OIDC_CLIENT_ID: Type.Optional(Type.String({ minLength: 1 })),
  MOA_OIDC_CLIENT_SECRET: Type.Optional(Type.String({ minLength: 1 })),
  MOA_OIDC_NAME: Type.Optional(Type.String({ minLength: 1, maxLength: 100 })),
  MOA_CORS_ORIGINS: Type.Optional(Type.String()),
  MOA_CONNECTIONS_MAX: Type.Integer({ minimum: 1, maximum: 1_000_000, default: 10_000 }),
  MOA_STREAMS_MAX: Type.Integer({ minimum: 1, maximum: 1_000_000, default: 2_000 }),
  MOA_TRUST_PROXY: Type.Enum(['on', 'off'], { default: 'off' }),
  MOA_PUBLIC_URL: Type.Optional(Type.String({ pattern: '^https?://', format: 'uri' })),
  MOA_EVENT_SOURCE: Type.Optional(
    Type.String({ minLength: 1, maxLength: 500, format: 'uri-reference' }),
  ),
  MOA_LOG_KEY_FILE: Type.Optional(Type.String({ minLength: 1 })),
  MOA_WEBHOOK_URL: Type.Optional(Type.String({ pattern: '^https?://' })),
  MOA_WEBHOOK_SECRET: Type.Optional(Type.String({ pattern: '^whsec_[A-Za-z0-9+/]{32,}={0,2}$' })),
  MOA_NATS_URL: Type.Optional(Type.String({ pattern: '^(nats|tls)://' })),
  MOA_KAFKA_URL: Type.Optional(Type.String({ pattern: '^kafkas?://' })),
  MOA_KAFKA_SECRET: Type.Optional(Type.String({ minLength: 1 })),
  MOA_KAFKA_CA_FILE: Type.Optional(Type.String({ minLength: 1 })),
  MOA_WEBHOOK_ALLOW_PRIVATE: Type.Optional(Switch),
  MOA_METRICS_PORT: Type.Optional(Type.Integer({ minimum: 0, maximum: 65_535 })),
  MOA_LOG_LEVEL: Type.Enum(['debug', 'info', 'warn', 'error', 'silent'], { default: 'info' }),
  MOA_PROCESSES: Type.String({ default: '1' }),
  MOA_LANES: Type.Integer({ minimum: 1, maximum: 64, default: 1 }),
  MOA_BATCH_MAX: Type.Integer({ minimum: 1, maximum: 5_000, default: 512 }),
  MOA_ANSWER_SECONDS: Type.Number({ minimum: 0.1, maximum: 300, default: 5 }),
  MOA_DRAIN_SECONDS: Type.Number({ minimum: 0, maximum: 3_600, default: 0 }),
  MOA_SHUTDOWN_SECONDS: Type.Number({ minimum: 1, maximum: 3_600, default: 20 }),
  MOA_QUEUE_MAX: Type.Integer({ minimum: 1, maximum: 1_000_000, default: 20_000 }),
  MOA_STANDING_QUEUE_MAX: Type.Integer({ minimum: 1, maximum: 1_000_000, default: 1_536 }),
  ...TELEMETRY,
});

/** An environment variable has an invalid value. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

export type Config = ReturnType<typeof readConfig>;

/** Reads the environment; throws a `ConfigError` that names the invalid variable and its rule. */
export const readConfig = (environment: Readonly<Record<string, string | undefined>>) => {
  const env = check(environment);
  const embedded = env.DATABASE_URL === undefined;
  const isOn = (value: 'on' | 'off' | undefined): boolean =>
    value === undefined ? embedded : value === 'on';
  return {
    host: env.HOST,
    port: env.PORT,
    databaseUrl: env.DATABASE_URL,
    dataDirectory: env.MOA_DATA_DIR,
    connectionsMax: env.MOA_CONNECTIONS_MAX,
    streamsMax: env.MOA_STREAMS_MAX,
    rateLimit: env.MOA_RATE_LIMIT === 'on',
    corsOrigins: corsOriginsOf(env),
    trustProxy: env.MOA_TRUST_PROXY === 'on',
    metricsPort: env.MOA_METRICS_PORT,
    processes: processesOf(env),
    logLevel: env.MOA_LOG_LEVEL,
    demo: isOn(env.MOA_DEMO),
    tokenSource: tokenSourceOf(env),
    signIn: signInOf(env),
    eventSource: env.MOA_EVENT_SOURCE,
    logKey: { file: env.MOA_LOG_KEY_FILE, dataDirectory: env.MOA_DATA_DIR },
    localUrl: localUrlOf(env),
    publicUrl: publicUrlOf(env),
    allowPrivate: isOn(env.MOA_WEBHOOK_ALLOW_PRIVATE),
    destinations: configuredDestinationsOf(env, isOn(env.MOA_WEBHOOK_ALLOW_PRIVATE)),
    settings: {
      currency: env.MOA_CURRENCY,
      timeZone: timeZoneOf(env),
      balanceMax: env.MOA_BALANCE_MAX,
      selfCharge: isOn(env.MOA_SELF_CHARGE),
      reservationMs: Math.max(1, Math.round(env.MOA_RESERVATION_MINUTES * 60_000)),
      pendingMax: env.MOA_PENDING_ORDERS_MAX,
    },
    audit: {
      everyMs: Math.round(env.MOA_AUDIT_SECONDS * 1_000),
      scrubMs: Math.max(1, Math.round(env.MOA_AUDIT_SCRUB_HOURS * 3_600_000)),
    },
    limits: {
      lanes: env.MOA_LANES,
      batch: env.MOA_BATCH_MAX,
      queue: env.MOA_QUEUE_MAX,
      standingQueue: Math.min(env.MOA_STANDING_QUEUE_MAX, env.MOA_QUEUE_MAX),
      answerMs: Math.round(env.MOA_ANSWER_SECONDS * 1_000),
      lockMs: Math.min(LOCK_MS * processesOf(env), LOCK_MOST_MS),
    },
    telemetry: telemetryOf(env),
    drainMs: Math.round(env.MOA_DRAIN_SECONDS * 1_000),
    shutdownMs: Math.round(env.MOA_SHUTDOWN_SECONDS * 1_000),
  } as const;
};

/** Reads texts as the types of the schema; made once, because it keeps the compiled schema. */
const ajv = formats.default(
  new Ajv({ allErrors: true, removeAdditional: true, useDefaults: true, coerceTypes: true }),
  ['uri', 'uri-reference'],
);

const check = (
  environment: Readonly<Record<string, string | undefined>>,
): Static<typeof Environment> => {
  // Shells and Docker Compose often pass an empty variable for "not set".
  const data = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  requireKnown(data);
  requireDecimals(data);
  requireCurrencyCode(data);
  requireDatabaseUrl(data);
  try {
    return envSchema<Static<typeof Environment>>({
      schema: Environment,
      data,
      env: false,
      ajv,
    });
  } catch (error) {
    throw new ConfigError(`The environment is invalid: ${(error as Error).message}`);
  }
};

/** The scheme is a rule of the schema. */
const requireDatabaseUrl = ({
  DATABASE_URL: url,
}: Readonly<Record<string, string | undefined>>) => {
  if (url === undefined || isDatabaseUrl(url)) return;
  throw new ConfigError(
    'The environment is invalid: DATABASE_URL is not a URL. In a user or a password, write ' +
      'characters such as / ? # @ : as %2F %3F %23 %40 %3A.',
  );
};

const NAMES = Object.keys(Environment.properties);

/** Rejects a variable that only looks like one of Moa's: a misspelled one would have no effect. */
const requireKnown = (data: Readonly<Record<string, string | undefined>>): void => {
  const known = new Set(NAMES);
  for (const name of Object.keys(data)) {
    if (name.startsWith('MOA_') && !known.has(name)) {
      throw new ConfigError(
        `The environment is invalid: Moa has no variable ${name}. The nearest is ` +
          `${closest(name, NAMES)}.`,
      );
    }
  }
};

/** The currencies of ISO 4217 that this Node.js knows, as Unicode's CLDR lists them. */
const requireCurrencyCode = ({
  MOA_CURRENCY: code = 'KRW',
}: Readonly<Record<string, string | undefined>>): void => {
  if (!Intl.supportedValuesOf('currency').includes(code)) {
    throw new ConfigError(
      'The environment is invalid: MOA_CURRENCY must be a currency code of ISO 4217, such as KRW',
    );
  }
};

/** Rejects `Infinity` and `1e400`, which pass every maximum (Ajv compares only finite numbers). */
const requireDecimals = (data: Readonly<Record<string, string | undefined>>): void => {
  for (const [name, schema] of Object.entries(Environment.properties)) {
    const isNumber = 'type' in schema && (schema.type === 'integer' || schema.type === 'number');
    if (isNumber && !/^-?\d{1,16}(\.\d{1,16})?$/.test(data[name] ?? '0')) {
      throw new ConfigError(`The environment is invalid: ${name} must be a decimal number`);
    }
  }
};

/** `auto` is the number of threads that can run at once (`os.availableParallelism`). */
const processesOf = ({ MOA_PROCESSES: count }: Static<typeof Environment>): number => {
  if (count === 'auto') return availableParallelism();
  if (/^[1-9][0-9]{0,2}$/.test(count)) return Number(count);
  throw new ConfigError('MOA_PROCESSES must be a whole number from 1 to 999, or auto.');
};

const timeZoneOf = (env: Static<typeof Environment>): string => {
  const timeZone = env.MOA_TIME_ZONE ?? defaultTimeZone(env.MOA_CURRENCY);
  if (isTimeZone(timeZone)) return timeZone;
  throw new ConfigError('MOA_TIME_ZONE must be an IANA time zone, such as Asia/Seoul.');
};

const tokenSourceOf = (env: Static<typeof Environment>) => {
  const { MOA_JWKS_URL: jwksUrl, MOA_JWT_ISSUER: issuer, MOA_JWT_AUDIENCE: audience } = env;
  if (jwksUrl === undefined) {
    const { MOA_DATA_DIR: directory, MOA_SIGNING_KEY_FILE: file } = env;
    return { kind: 'own', directory, file } as const;
  }
  if (issuer === undefined || audience === undefined) {
    throw new ConfigError(
      'MOA_JWKS_URL needs MOA_JWT_ISSUER and MOA_JWT_AUDIENCE: without them, Moa would accept ' +
        "another service's tokens.",
    );
  }
  return { kind: 'provider', jwksUrl, issuer, audience } as const;
};

/** Sign-in here, which an identity provider of tokens replaces. */
const signInOf = (env: Static<typeof Environment>) => {
  const { MOA_OIDC_ISSUER: issuer, MOA_OIDC_CLIENT_ID: clientId } = env;
  const { MOA_OIDC_CLIENT_SECRET: clientSecret, MOA_OIDC_NAME: name } = env;
  const given = [issuer, clientId, clientSecret].filter((value) => value !== undefined);
  if (env.MOA_JWKS_URL !== undefined) {
    if (given.length === 0) return undefined;
    throw new ConfigError(
      'MOA_JWKS_URL and MOA_OIDC_ISSUER exclude each other: with MOA_JWKS_URL, users sign in ' +
        'elsewhere and pages send their tokens.',
    );
  }
  const secret = env.MOA_SIGN_IN_SECRET;
  if (issuer === undefined || clientId === undefined || clientSecret === undefined) {
    if (given.length === 0 && name === undefined) return { secret, provider: undefined };
    throw new ConfigError(
      'MOA_OIDC_ISSUER, MOA_OIDC_CLIENT_ID and MOA_OIDC_CLIENT_SECRET must be set together.',
    );
  }
  const provider = { issuer, clientId, clientSecret, name: name ?? new URL(issuer).hostname };
  return { secret, provider };
};

/** Exact origins, as a browser sends them (RFC 6454 §6.2). */
const corsOriginsOf = ({ MOA_CORS_ORIGINS: list = '' }: Static<typeof Environment>): string[] => {
  const origins = list.split(',').map((origin) => origin.trim());
  for (const origin of origins) {
    const isWeb = /^https?:[^*]+$/.test(origin) && URL.parse(origin)?.origin === origin;
    if (list !== '' && !isWeb) {
      throw new ConfigError(
        `MOA_CORS_ORIGINS has "${origin}"; it must be a list of origins as browsers send them, ` +
          'such as https://shop.example,http://localhost:5173 (lower case, no path, no *).',
      );
    }
  }
  return list === '' ? [] : [...new Set(origins)];
};

/** Addresses to listen on that no client can connect to. */
const ANY_ADDRESS = new Set(['0.0.0.0', '::']);

/** Where programs on this machine reach the service. */
const localUrlOf = ({ HOST, PORT }: Static<typeof Environment>): string => {
  const host = isIP(HOST) === 6 ? `[${HOST}]` : HOST;
  return `http://${ANY_ADDRESS.has(HOST) ? 'localhost' : host}:${PORT}`;
};

/** Where clients reach the service, without a slash at the end. */
const publicUrlOf = (env: Static<typeof Environment>): string => {
  const { MOA_PUBLIC_URL: configured } = env;
  if (configured === undefined) return localUrlOf(env);
  const url = URL.parse(configured);
  if (url === null || `${url.username}${url.password}${url.search}${url.hash}` !== '') {
    throw new ConfigError('MOA_PUBLIC_URL must be a URL without user, query and fragment.');
  }
  return url.href.replace(/\/+$/, '');
};

/** The destinations of events that the environment configures. */
const configuredDestinationsOf = (
  env: Static<typeof Environment>,
  allowPrivate: boolean,
): ConfiguredDestination[] => {
  const { MOA_WEBHOOK_URL: webhookUrl, MOA_WEBHOOK_SECRET: secret, MOA_NATS_URL: natsUrl } = env;
  if ((webhookUrl === undefined) !== (secret === undefined)) {
    throw new ConfigError(
      'MOA_WEBHOOK_URL and MOA_WEBHOOK_SECRET must be set together: the receiver needs the ' +
        'secret to verify events.',
    );
  }
  const destinations: ConfiguredDestination[] = [];
  if (webhookUrl !== undefined && secret !== undefined) {
    destinations.push({ kind: 'webhook', url: webhookUrl, secret, ca: null });
  }
  if (natsUrl !== undefined) {
    destinations.push({ kind: 'nats', url: natsUrl, secret: null, ca: null });
  }
  const kafka = kafkaOf(env);
  if (kafka !== undefined) destinations.push(kafka);
  for (const destination of destinations) {
    for (const { pointer, message } of errorsIn(destination, allowPrivate)) {
      const field = pointer.slice(1).toUpperCase();
      const name = `MOA_${destination.kind.toUpperCase()}_${field}${field === 'CA' ? '_FILE' : ''}`;
      throw new ConfigError(`${name} ${message}.`);
    }
  }
  return destinations;
};

const kafkaOf = (env: Static<typeof Environment>): ConfiguredDestination | undefined => {
  const { MOA_KAFKA_URL: url, MOA_KAFKA_SECRET: secret, MOA_KAFKA_CA_FILE: file } = env;
  if (url !== undefined) {
    return {
      kind: 'kafka',
      url,
      secret: secret ?? null,
      ca: file === undefined ? null : read(file),
    };
  }
  if (secret !== undefined || file !== undefined) {
    throw new ConfigError(
      'MOA_KAFKA_SECRET and MOA_KAFKA_CA_FILE need MOA_KAFKA_URL, the Kafka that they are for.',
    );
  }
  return undefined;
};

const read = (file: string): string => {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new ConfigError(`MOA_KAFKA_CA_FILE cannot be read: ${(error as Error).message}.`);
  }
};
