import { expect, test } from 'vitest';
import { isPublicAddress } from './addresses.ts';
import { isPrivateLiteral } from './webhook.ts';

test.for(['1.1.1.1', '8.8.8.8', '172.32.0.1', '2606:4700::1111', '2a00:1450:4001::8'])(
  '%s is public',
  (address) => expect(isPublicAddress(address)).toBe(true),
);

test.for([
  '0.0.0.0',
  '10.1.2.3',
  '100.64.0.1',
  '127.0.0.1',
  '169.254.169.254',
  '172.16.0.1',
  '172.31.255.255',
  '192.168.1.1',
  '198.18.0.1',
  '224.0.0.1',
  '255.255.255.255',
  '::',
  '::1',
  '::ffff:8.8.8.8',
  '::ffff:127.0.0.1',
  '64:ff9b::7f00:1',
  'fc00::1',
  'fe80::1',
  'ff02::1',
  '2001:db8::1',
  '2002:7f00:1::',
  'not an address',
])('%s is not public', (address) => expect(isPublicAddress(address)).toBe(false));

test.for([
  'http://127.0.0.1/',
  'http://127.1/',
  'http://0x7f.0.0.1/',
  'http://2130706433/',
  'http://0177.0.0.1/',
  'https://[::1]:8443/x',
  'http://[::ffff:7f00:1]/',
  'http://169.254.169.254/latest/meta-data',
])('%s names an address that is not public', (url) => {
  expect(isPrivateLiteral(url)).toBe(true);
});

test.for(['http://1.1.1.1/', 'https://[2606:4700::1111]/', 'https://example.com/'])(
  '%s names none',
  (url) => expect(isPrivateLiteral(url)).toBe(false),
);
