import { expect, test } from 'vitest';
import { faultsIn, newSecret } from './fields.ts';

const refusal = (...errors: readonly (readonly [pointer: string, message: string])[]) => ({
  code: 'invalid_request',
  errors: errors.map(([pointer, message]) => ({ pointer, message })),
});

test.each([
  ['/url', 'must be a public address', { url: 'private' }],
  ['/url', 'must be a URL with a host', { url: 'url' }],
  ['/url', 'must match pattern "^(https?|nats|tls)://"', { url: 'url' }],
  ['/url', 'must begin with http:// or https://', { url: 'scheme' }],
  ['/url', 'must not contain a user or password; use `secret`', { url: 'credentials' }],
  ['/url', 'must be a list of brokers, `host:port,host:port`', { url: 'brokers' }],
  ['/url', 'must have at most 20 brokers', { url: 'brokers' }],
  ['/url', 'must name a topic of letters', { url: 'topic' }],
  ['/url', 'must begin with kafkas:// for the mechanism plain', { url: 'encrypted' }],
  ['/url', 'must have a `mechanism` of plain', { url: 'choices' }],
  ['/url', 'may have only `mechanism` and `compression` after `?`', { url: 'choices' }],
  ['/url', 'must begin with kafka:// or kafkas:// and have a host', { url: 'scheme' }],
  ['/ca', 'must be certificates in PEM', { ca: 'ca' }],
  ['/ca', 'is only for an address with kafkas://', { ca: 'caScheme' }],
  ['/secret', 'must be `user:password`', { secret: 'user' }],
  ['/secret', 'must be `whsec_` and 24 to 64 bytes in base64', { secret: 'secret' }],
  ['/secret', 'is required again for a new address', { secret: 'secretAgain' }],
  ['/secret', 'must not have more than 200 characters', { secret: 'token' }],
  ['/types/0', 'must be one of the types', { types: 'types' }],
  ['/name', 'must not be empty', { name: 'name' }],
])('%s %j is shown at its field', (pointer, message, faults) => {
  expect(faultsIn(refusal([pointer, message]))).toEqual(faults);
});

test('each field shows its first fault', () => {
  const faults = faultsIn(
    refusal(
      ['/url', 'must be a public address'],
      ['/url', 'must be a URL with a host'],
      ['/secret', 'must be `whsec_` and 24 to 64 bytes in base64'],
    ),
  );
  expect(faults).toEqual({ url: 'private', secret: 'secret' });
});

test('what is about no field is a problem', () => {
  expect(faultsIn({ code: 'unavailable' })).toBeUndefined();
  expect(faultsIn(refusal(['', 'must be an object']))).toBeUndefined();
  expect(faultsIn(refusal(['/status', 'must be a status']))).toBeUndefined();
});

test('a new secret has 32 bytes and is another one each time', () => {
  expect(newSecret()).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
  expect(newSecret()).not.toBe(newSecret());
});
