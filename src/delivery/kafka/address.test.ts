import { expect, test } from 'vitest';
import { readKafkaAddress, topicOf } from './address.ts';

const ONE = [{ host: 'a', port: 9092 }];

test.for([
  ['kafka://a', { brokers: ONE, isEncrypted: false, topic: 'moa.events' }],
  ['kafkas://a', { brokers: ONE, isEncrypted: true }],
  ['kafka://a:1/', { brokers: [{ host: 'a', port: 1 }], topic: 'moa.events' }],
  ['kafka://a,b.c:19092,[::1]:2,10.0.0.1/t', { topic: 't' }],
  ['kafka://a/shop.{type}', { topic: 'shop.{type}' }],
  ['kafka://a/shop.%7Btype%7D', { topic: 'shop.{type}' }],
  ['kafka://a', { mechanism: 'scram-sha-512', compression: 'none' }],
  ['kafka://a?mechanism=SCRAM-SHA-256', { mechanism: 'scram-sha-256' }],
  ['kafka://a/t?compression=zstd&mechanism=plain', { compression: 'zstd', mechanism: 'plain' }],
] as const)('%s is an address', ([url, parts]) => {
  expect(readKafkaAddress(url)).toMatchObject(parts);
});

test('the brokers are names, IPv4 and IPv6 addresses, each with its port or 9092', () => {
  expect(readKafkaAddress('kafka://a_b.c-d,[2001:db8::1]:2,10.0.0.1:65535')).toMatchObject({
    brokers: [
      { host: 'a_b.c-d', port: 9092 },
      { host: '2001:db8::1', port: 2 },
      { host: '10.0.0.1', port: 65_535 },
    ],
  });
});

const BROKERS = /list of brokers/;
const TOPIC = /must name a topic/;
const CHOICES = /may have only `mechanism` and `compression`/;

test.for([
  ['http://a', /must begin with/],
  ['kafka://', /must begin with/],
  ['kafka:///t', /must begin with/],
  ['kafka://a#x', /must begin with/],
  ['kafka://user:password@a', /user or password/],
  ['kafka://a,,b', BROKERS],
  ['kafka://a:0', BROKERS],
  ['kafka://a:65536', BROKERS],
  ['kafka://a:x', BROKERS],
  ['kafka://a b', BROKERS],
  ['kafka://-a', BROKERS],
  ['kafka://a..b', BROKERS],
  ['kafka://::1', BROKERS],
  ['kafka://[a]:1', BROKERS],
  ['kafka://[1.2.3.4]:1', BROKERS],
  [`kafka://${'a'.repeat(254)}`, BROKERS],
  [`kafka://${'a,'.repeat(20)}a`, /at most 20/],
  ['kafka://a/b/c', TOPIC],
  ['kafka://a/..', TOPIC],
  ['kafka://a/.', TOPIC],
  ['kafka://a/%00', TOPIC],
  ['kafka://a/%', TOPIC],
  ['kafka://a/{subject}', TOPIC],
  [`kafka://a/${'t'.repeat(250)}`, TOPIC],
  [`kafka://a/${'t'.repeat(200)}{type}`, TOPIC],
  ['kafka://a?acks=0', CHOICES],
  ['kafka://a?mechanism=plain&mechanism=plain', CHOICES],
  ['kafka://a?mechanism=gssapi', /`mechanism` of plain, scram-sha-256, scram-sha-512/],
  ['kafka://a?mechanism=', /`mechanism` of/],
  ['kafka://a?compression=brotli', /`compression` of none, gzip, snappy, lz4, zstd/],
] as const)('%s is no address', ([url, message]) => {
  expect(readKafkaAddress(url)).toMatch(message);
});

test('the type of an event is in the name of its topic where the address says so', () => {
  expect(topicOf({ topic: 'moa.events' }, 'moa.order.paid.v1')).toBe('moa.events');
  expect(topicOf({ topic: 'a.{type}.{type}' }, 'x.v1')).toBe('a.x.v1.x.v1');
});
