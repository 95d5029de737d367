import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { rootCertificates } from 'node:tls';
import { expect, onTestFinished, test } from 'vitest';
import { ConfigError, Environment, readConfig } from './config.ts';

const PROVIDER = {
  MOA_JWKS_URL: 'https://login.example/keys',
  MOA_JWT_ISSUER: 'https://login.example',
  MOA_JWT_AUDIENCE: 'shop',
};

interface Variable {
  readonly type?: string;
  readonly enum?: readonly string[];
  readonly pattern?: string;
  readonly minimum?: number;
  readonly exclusiveMinimum?: number;
  readonly maximum?: number;
}

/** Invalid values of a variable, derived from its schema. */
const badValues = ({
  type,
  enum: words,
  pattern,
  minimum,
  exclusiveMinimum,
  maximum,
}: Variable): string[] => [
  ...(type === 'integer' ? ['x', '1.5', '1,000', 'NaN', 'Infinity', '1e400', '0x10', 'true'] : []),
  ...(type === 'number' ? ['x', '1,5', 'NaN', 'Infinity', '1e400', 'true'] : []),
  ...(minimum === undefined ? [] : [String(minimum - 1), '-1000000']),
  ...(exclusiveMinimum === undefined ? [] : [String(exclusiveMinimum), '-1']),
  ...(maximum === undefined ? [] : [String(maximum + 2), '1e300', '9'.repeat(400)]),
  ...['maybe', 'ON', 'true', '1', ' on'].filter((word) => words?.includes(word) === false),
  ...(pattern === undefined ? [] : ['!', 'file:///etc/passwd', 'krw', ' ']),
];

const CASES = Object.entries(Environment.properties as Record<string, Variable>).flatMap(
  ([name, variable]) => badValues(variable).map((value) => [name, value] as const),
);

test.for(CASES)('%s must not be %j, and the message names the variable', ([name, value]) => {
  const read = () => readConfig({ [name]: value });
  expect(read).toThrow(ConfigError);
  expect(read).toThrow(name);
});

test('reports have Korean days for KRW and else days of UTC, or of the named zone', () => {
  const zoneOf = (environment: Record<string, string>) => readConfig(environment).settings.timeZone;
  expect(zoneOf({})).toBe('Asia/Seoul');
  expect(zoneOf({ MOA_CURRENCY: 'EUR' })).toBe('UTC');
  expect(zoneOf({ MOA_TIME_ZONE: 'Europe/Berlin' })).toBe('Europe/Berlin');
  for (const zone of ['Asia/Soul', '+09:00', 'UTC+9', '../etc']) {
    expect(() => zoneOf({ MOA_TIME_ZONE: zone })).toThrow('MOA_TIME_ZONE');
  }
});

test('the number of processes is a number, or that of the processors', () => {
  const processesOf = (value: string) => readConfig({ MOA_PROCESSES: value }).processes;
  expect([readConfig({}).processes, processesOf('12')]).toEqual([1, 12]);
  expect(processesOf('auto')).toBe(availableParallelism());
  for (const value of ['0', '-1', '1000', '10000', 'many', 'Auto', '2.5', '1e2', ' 2']) {
    const read = () => processesOf(value);
    expect(read).toThrow(ConfigError);
    expect(read).toThrow('MOA_PROCESSES must be a whole number from 1 to 999, or auto.');
  }
});

test('half of what a wallet can hold is left for refunds beyond the limit for charges', () => {
  const read = (limit: number) => readConfig({ MOA_BALANCE_MAX: String(limit) });
  expect(read(2 ** 52).settings.balanceMax).toBe(2 ** 52);
  expect(() => read(2 ** 52 + 1)).toThrow('MOA_BALANCE_MAX');
});

test.for(['has a space', 'https://[::1', '%zz', '한국', 'x'.repeat(501)])(
  'MOA_EVENT_SOURCE must not be %j, which is no URI-reference',
  (source) => {
    expect(() => readConfig({ MOA_EVENT_SOURCE: source })).toThrow(/MOA_EVENT_SOURCE/);
  },
);

test.for(['/shops/1', 'urn:uuid:0190a000-0000-7000-8000-000000000001', 'https://shop.example/moa'])(
  'MOA_EVENT_SOURCE may be %j',
  (source) => expect(readConfig({ MOA_EVENT_SOURCE: source }).eventSource).toBe(source),
);

test.for([
  [{}, 'http://127.0.0.1:3000'],
  [{ HOST: '0.0.0.0', PORT: '80' }, 'http://localhost:80'],
  [{ HOST: '::1' }, 'http://[::1]:3000'],
  [{ MOA_PUBLIC_URL: 'https://shop.example' }, 'https://shop.example'],
  [{ MOA_PUBLIC_URL: 'https://shop.example/moa/' }, 'https://shop.example/moa'],
] as const)('with %j clients reach the service at %s', ([environment, url]) => {
  expect(readConfig(environment).publicUrl).toBe(url);
});

test.for(['https://a:b@shop.example', 'https://shop.example/?a', 'https://shop.example/#a'])(
  'MOA_PUBLIC_URL must not be %s',
  (url) => {
    const read = () => readConfig({ MOA_PUBLIC_URL: url });
    expect(read).toThrow(ConfigError);
    expect(read).toThrow('MOA_PUBLIC_URL');
  },
);

test('a value that may be a secret is not repeated', () => {
  const read = () => readConfig({ DATABASE_URL: 'mysql://moa:hunter2@localhost/moa' });
  expect(read).toThrow(ConfigError);
  expect(read).not.toThrow('hunter2');
});

test('sign-in with a provider needs three variables, and none beside a key set', () => {
  const provider = {
    MOA_OIDC_ISSUER: 'https://login.example',
    MOA_OIDC_CLIENT_ID: 'moa',
    MOA_OIDC_CLIENT_SECRET: 'secret',
  };
  expect(readConfig(provider).signIn?.provider).toEqual({
    issuer: 'https://login.example',
    clientId: 'moa',
    clientSecret: 'secret',
    name: 'login.example',
  });
  for (const missing of Object.keys(provider)) {
    expect(() => readConfig({ ...provider, [missing]: undefined })).toThrow('be set together');
  }
  expect(() => readConfig({ ...PROVIDER, ...provider })).toThrow('exclude each other');
  expect(readConfig(PROVIDER).signIn).toBeUndefined();
  expect(() => readConfig({ MOA_SIGN_IN_SECRET: 'short' })).toThrow('MOA_SIGN_IN_SECRET');
});

test('an identity provider needs an issuer and an audience', () => {
  for (const missing of ['MOA_JWT_ISSUER', 'MOA_JWT_AUDIENCE']) {
    const read = () => readConfig({ ...PROVIDER, [missing]: undefined });
    expect(read).toThrow(ConfigError);
    expect(read).toThrow(missing);
  }
  const { MOA_JWKS_URL: jwksUrl, MOA_JWT_ISSUER: issuer, MOA_JWT_AUDIENCE: audience } = PROVIDER;
  expect(readConfig(PROVIDER).tokenSource).toEqual({
    kind: 'provider',
    jwksUrl,
    issuer,
    audience,
  });
});

test('the keys of tokens and of the log may be files that several machines share', () => {
  const files = { MOA_SIGNING_KEY_FILE: '/keys/signing.pem', MOA_LOG_KEY_FILE: '/keys/log.pem' };
  expect(readConfig(files)).toMatchObject({
    tokenSource: { kind: 'own', file: '/keys/signing.pem' },
    logKey: { file: '/keys/log.pem' },
  });
});

test('without variables, the service is a local shop with an embedded database', () => {
  expect(readConfig({})).toMatchObject({
    host: '127.0.0.1',
    port: 3000,
    databaseUrl: undefined,
    dataDirectory: '.moa',
    rateLimit: true,
    trustProxy: false,
    demo: true,
    tokenSource: { kind: 'own', directory: '.moa' },
    settings: { currency: 'KRW', balanceMax: 2_000_000, selfCharge: true },
  });
});

test('a DATABASE_URL that is no URL is refused without its password', () => {
  const read = () => readConfig({ DATABASE_URL: 'postgres://moa:hunter/2@localhost:5432/moa' });
  expect(read).toThrow(/^The environment is invalid: DATABASE_URL is not a URL\. .*%2F/);
  expect(read).not.toThrow(/hunter/);
});

test.each([
  [{}, 'http://127.0.0.1:3000'],
  [{ HOST: '::', PORT: '8080' }, 'http://localhost:8080'],
  [{ HOST: '::1', MOA_PUBLIC_URL: 'https://shop.example' }, 'http://[::1]:3000'],
])('programs on the machine of a service with %j reach it at %s', (environment, url) => {
  expect(readConfig(environment).localUrl).toBe(url);
});

test('with DATABASE_URL a shop has no demo, and customers cannot charge their wallets', () => {
  const DATABASE_URL = 'postgres://localhost/moa';
  expect(readConfig({ DATABASE_URL })).toMatchObject({
    databaseUrl: DATABASE_URL,
    demo: false,
    settings: { selfCharge: false },
  });
  expect(readConfig({ DATABASE_URL, MOA_DEMO: 'on', MOA_SELF_CHARGE: 'on' })).toMatchObject({
    demo: true,
    settings: { selfCharge: true },
  });
  expect(readConfig({ MOA_DEMO: 'off', MOA_SELF_CHARGE: 'off' })).toMatchObject({
    demo: false,
    settings: { selfCharge: false },
  });
});

test('an empty variable counts as not set', () => {
  const empty = Object.keys(Environment.properties).map((name) => [name, ''] as const);
  expect(readConfig(Object.fromEntries(empty))).toEqual(readConfig({}));
});

test.for([
  ['MOA_LANE', 'MOA_LANES'],
  ['MOA_DATADIR', 'MOA_DATA_DIR'],
  ['MOA_WEBHOOK_URLS', 'MOA_WEBHOOK_URL'],
] as const)('%s is a mistake for %s', ([name, nearest]) => {
  expect(() => readConfig({ [name]: '1' })).toThrow(ConfigError);
  expect(() => readConfig({ [name]: '1' })).toThrow(
    `Moa has no variable ${name}. The nearest is ${nearest}.`,
  );
  expect(readConfig({ [name]: '' })).toEqual(readConfig({}));
});

test.for(['krw', 'ABC', 'WON', '€', 'KRW ', 'KRW,USD'])('%j is no currency', (value) => {
  const read = () => readConfig({ MOA_CURRENCY: value });
  expect(read).toThrow(ConfigError);
  expect(read).toThrow('MOA_CURRENCY must be a currency code of ISO 4217');
});

test.for([
  '*',
  'null',
  'shop.example',
  'https://shop.example/',
  'https://shop.example/path',
  'https://Shop.example',
  'https://shop.example:443',
  'https://me@shop.example',
  'https://*.shop.example',
  'ftp://shop.example',
  'https://shop.example,',
  'https://shop.example;https://other.example',
])('%j is no list of origins', (value) => {
  const read = () => readConfig({ MOA_CORS_ORIGINS: value });
  expect(read).toThrow(ConfigError);
  expect(read).toThrow('MOA_CORS_ORIGINS has "');
});

test('a list of origins is read', () => {
  const MOA_CORS_ORIGINS = 'https://shop.example, http://localhost:5173,http://[::1]';
  expect(readConfig({}).corsOrigins).toEqual([]);
  expect(readConfig({ MOA_CORS_ORIGINS }).corsOrigins).toEqual([
    'https://shop.example',
    'http://localhost:5173',
    'http://[::1]',
  ]);
});

test('variables of others are ignored', () => {
  expect(readConfig({ PATH: '/bin', MOA: 'x', npm_config_port: 'x' })).toEqual(readConfig({}));
});

test('each variable is read', () => {
  expect(
    readConfig({
      ...PROVIDER,
      PORT: '0',
      HOST: '0.0.0.0',
      DATABASE_URL: 'postgresql://localhost/moa',
      MOA_DATA_DIR: '/var/lib/moa',
      MOA_RATE_LIMIT: 'off',
      MOA_CURRENCY: 'EUR',
      MOA_BALANCE_MAX: '4503599627370496',
      MOA_TRUST_PROXY: 'on',
      MOA_LOG_LEVEL: 'silent',
      MOA_LANES: '2',
      MOA_BATCH_MAX: '100',
      MOA_QUEUE_MAX: '1000',
    }),
  ).toMatchObject({
    port: 0,
    host: '0.0.0.0',
    databaseUrl: 'postgresql://localhost/moa',
    dataDirectory: '/var/lib/moa',
    rateLimit: false,
    settings: { currency: 'EUR', balanceMax: 2 ** 52 },
    trustProxy: true,
    logLevel: 'silent',
    limits: { lanes: 2, batch: 100, queue: 1_000 },
  });
});

test('the environment configures a Kafka with its secret and certificates', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'moa-test-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const file = join(folder, 'ca.pem');
  const [ca = ''] = rootCertificates;
  await writeFile(file, ca);
  const url = 'kafkas://a,b/events';
  const environment = { MOA_KAFKA_URL: url, MOA_KAFKA_SECRET: 'u:p', MOA_KAFKA_CA_FILE: file };
  expect(readConfig(environment).destinations).toEqual([{ kind: 'kafka', url, secret: 'u:p', ca }]);
  expect(readConfig({ MOA_KAFKA_URL: 'kafka://a' }).destinations).toEqual([
    { kind: 'kafka', url: 'kafka://a', secret: null, ca: null },
  ]);
});

test.for([
  [{ MOA_KAFKA_URL: 'kafka://a:x' }, /^MOA_KAFKA_URL must be a list of brokers/],
  [{ MOA_KAFKA_URL: 'kafka://a?mechanism=gssapi' }, /^MOA_KAFKA_URL must have a `mechanism` of/],
  [{ MOA_KAFKA_URL: 'kafka://a', MOA_KAFKA_SECRET: 'x' }, /^MOA_KAFKA_SECRET must be `user:pass/],
  [{ MOA_KAFKA_SECRET: 'u:p' }, /need MOA_KAFKA_URL/],
  [{ MOA_KAFKA_CA_FILE: '/dev/null' }, /need MOA_KAFKA_URL/],
  [{ MOA_KAFKA_URL: 'kafkas://a', MOA_KAFKA_CA_FILE: '/nowhere' }, /^MOA_KAFKA_CA_FILE cannot be/],
  [{ MOA_KAFKA_URL: 'kafkas://a', MOA_KAFKA_CA_FILE: '/dev/null' }, /^MOA_KAFKA_CA_FILE must be/],
] as const)('%j is no configuration of Kafka', ([environment, message]) => {
  expect(() => readConfig(environment)).toThrow(message);
});

const OTLP = 'http://127.0.0.1:4318';

test.for([
  [{}, [false, false]],
  [{ OTEL_EXPORTER_OTLP_ENDPOINT: OTLP }, [true, true]],
  [{ OTEL_EXPORTER_OTLP_ENDPOINT: '' }, [false, false]],
  [{ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: OTLP }, [true, false]],
  [{ OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: OTLP }, [false, true]],
  [{ OTEL_EXPORTER_OTLP_ENDPOINT: OTLP, OTEL_METRICS_EXPORTER: 'none' }, [true, false]],
  [{ OTEL_EXPORTER_OTLP_ENDPOINT: OTLP, OTEL_TRACES_EXPORTER: 'none' }, [false, true]],
  [{ OTEL_EXPORTER_OTLP_ENDPOINT: OTLP, OTEL_SDK_DISABLED: 'true' }, [false, false]],
  [{ OTEL_TRACES_SAMPLER: 'always_on' }, [false, false]],
] as const)('%j exports traces and metrics: %j', ([environment, expected]) => {
  const { tracing, metrics } = readConfig(environment).telemetry;
  expect([tracing, metrics].map((settings) => settings !== undefined)).toEqual(expected);
});
