import { isIP } from 'node:net';

/** The authentication mechanisms by their names (RFC 4616, RFC 5802, RFC 7677). */
const MECHANISMS = ['plain', 'scram-sha-256', 'scram-sha-512'] as const;
/** The codecs of Kafka's record batches. */
const COMPRESSIONS = ['none', 'gzip', 'snappy', 'lz4', 'zstd'] as const;

/** A part of Kafka's address: where to connect and how to write. */
export interface KafkaAddress {
  readonly brokers: readonly { readonly host: string; readonly port: number }[];
  readonly isEncrypted: boolean;
  /** The name of the topic; `{type}` stands for the type of the event. */
  readonly topic: string;
  readonly mechanism: (typeof MECHANISMS)[number];
  readonly compression: (typeof COMPRESSIONS)[number];
}

const DEFAULT_PORT = 9092;
const PORT_MAX = 65_535;
const DEFAULT_TOPIC = 'moa.events';
/** The names of topics end here (Apache Kafka, `Topic.MAX_NAME_LENGTH`). */
const TOPIC_MAX = 249;
/** A longer type than any of Moa's, so that a topic with `{type}` has room for it. */
const TYPE_ROOM = 'x'.repeat(64);
/** More than a client needs to find its cluster. */
const BROKERS_MAX = 20;

const PARTS = /^(kafkas?):\/\/([^/?#]+)(?:\/([^?#]*))?(?:\?([^#]*))?$/;
const HOST =
  /^(?=.{1,253}$)[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?(?:\.[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?)*\.?$/i;
const BROKER = /^(?:\[([^\]]+)\]|([^:]+))(?::(\d{1,5}))?$/;

/** The topic of an event. */
export const topicOf = ({ topic }: Pick<KafkaAddress, 'topic'>, type: string): string =>
  topic.replaceAll('{type}', type);

/**
 * Reads `kafka://host:port,host:port/topic?mechanism=…&compression=…`, or `kafkas://` for TLS.
 * Returns the address, or what is wrong with it.
 */
export const readKafkaAddress = (url: string): KafkaAddress | string => {
  const [, scheme, hosts = '', path = '', query = ''] = PARTS.exec(url) ?? [];
  if (scheme === undefined) return 'must begin with kafka:// or kafkas:// and have a host';
  if (hosts.includes('@')) return 'must not contain a user or password; use `secret`';
  const brokers = hosts.split(',').map(readBroker);
  if (brokers.length > BROKERS_MAX) return `must have at most ${BROKERS_MAX} brokers`;
  const topic = path === '' ? DEFAULT_TOPIC : decode(path);
  if (!isTopic(topic)) {
    return 'must name a topic of letters, digits, `.`, `_`, `-` and `{type}`, at most 249 long';
  }
  const chosen = readChoices(query);
  if (typeof chosen === 'string') return chosen;
  const isEncrypted = scheme === 'kafkas';
  const known = brokers.filter((broker) => broker !== undefined);
  if (known.length < brokers.length) return 'must be a list of brokers, `host:port,host:port`';
  return { brokers: known, isEncrypted, topic, ...chosen };
};

const readBroker = (text: string): KafkaAddress['brokers'][number] | undefined => {
  const [, ipv6, name = '', portText] = BROKER.exec(text) ?? [];
  const port = portText === undefined ? DEFAULT_PORT : Number(portText);
  const isHost = ipv6 === undefined ? HOST.test(name) : isIP(ipv6) === 6;
  return isHost && port >= 1 && port <= PORT_MAX ? { host: ipv6 ?? name, port } : undefined;
};

/** Clients may write the braces of `{type}` as `%7B` and `%7D` (RFC 3986 §2.1). */
const decode = (path: string): string => {
  try {
    return decodeURIComponent(path);
  } catch {
    return '';
  }
};

/** Apache Kafka, `Topic.validate`. */
const isTopic = (topic: string): boolean => {
  const name = topicOf({ topic }, TYPE_ROOM);
  return /^[\w.-]+$/.test(name) && name.length <= TOPIC_MAX && name !== '.' && name !== '..';
};

const readChoices = (query: string): Pick<KafkaAddress, 'mechanism' | 'compression'> | string => {
  const given = new URLSearchParams(query);
  const unknown = [...given.keys()].find((key) => key !== 'mechanism' && key !== 'compression');
  if (unknown !== undefined || given.size > new Set(given.keys()).size) {
    return 'may have only `mechanism` and `compression` after `?`, each once';
  }
  const find = <T extends string>(all: readonly T[], key: string, byDefault: T): T | undefined => {
    const value = given.get(key)?.toLowerCase() ?? byDefault;
    return all.find((each) => each === value);
  };
  const mechanism = find(MECHANISMS, 'mechanism', 'scram-sha-512');
  if (mechanism === undefined) return `must have a \`mechanism\` of ${MECHANISMS.join(', ')}`;
  const compression = find(COMPRESSIONS, 'compression', 'none');
  if (compression === undefined) return `must have a \`compression\` of ${COMPRESSIONS.join(', ')}`;
  return { mechanism, compression };
};
