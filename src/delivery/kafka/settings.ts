import { X509Certificate } from 'node:crypto';
import { readKafkaAddress, type KafkaAddress } from './address.ts';

/** What a connection to Kafka needs. */
export interface KafkaSettings extends KafkaAddress {
  readonly user: { readonly name: string; readonly password: string } | null;
  /** The certificate authorities of the brokers, in PEM; null for those that Node.js trusts. */
  readonly ca: string | null;
}

interface KafkaFields {
  readonly url: string;
  readonly secret: string | null;
  readonly ca: string | null;
}

interface FieldError {
  readonly pointer: string;
  readonly message: string;
}

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g;

/** The errors in the fields of a Kafka destination. */
export const errorsInKafka = ({ url, secret, ca }: KafkaFields): FieldError[] => {
  const address = readKafkaAddress(url);
  if (typeof address === 'string') return [{ pointer: '/url', message: address }];
  const errors: FieldError[] = [];
  const isNamed = /[?&]mechanism=/.test(url);
  if (secret === null ? isNamed : userOf(secret) === null) {
    errors.push({ pointer: '/secret', message: 'must be `user:password`' });
  }
  if (secret !== null && address.mechanism === 'plain' && !address.isEncrypted) {
    // RFC 4616 §1: not without a service that keeps the data confidential.
    errors.push({ pointer: '/url', message: 'must begin with kafkas:// for the mechanism plain' });
  }
  if (ca !== null && !address.isEncrypted) {
    errors.push({ pointer: '/ca', message: 'is only for an address with kafkas://' });
  } else if (ca !== null && !areCertificates(ca)) {
    errors.push({ pointer: '/ca', message: 'must be certificates in PEM' });
  }
  return errors;
};

/** The settings of a Kafka destination that has no errors. */
export const readKafkaSettings = ({ url, secret, ca }: KafkaFields): KafkaSettings => {
  const address = readKafkaAddress(url);
  if (typeof address === 'string') throw new Error(`the address of a destination ${address}`);
  return { ...address, user: secret === null ? null : userOf(secret), ca };
};

/** The user has no colon, as in RFC 7617 §2. */
const userOf = (secret: string): KafkaSettings['user'] => {
  const colon = secret.indexOf(':');
  const [name, password] = [secret.slice(0, colon), secret.slice(colon + 1)];
  return colon < 1 || password === '' ? null : { name, password };
};

/** Whether a text is certificates in PEM and nothing else (RFC 7468 §5). */
const areCertificates = (pem: string): boolean => {
  const found = pem.match(CERTIFICATE) ?? [];
  try {
    for (const each of found) void new X509Certificate(each);
  } catch {
    return false;
  }
  return found.length > 0 && pem.replaceAll(CERTIFICATE, '').trim() === '';
};
