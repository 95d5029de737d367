import { expect, test } from 'vitest';
import {
  checkEmail,
  checkKnownPassword,
  checkName,
  checkNewPassword,
  complaintsIn,
} from './fields.ts';

test('an address needs a name, a host and a domain', () => {
  expect(checkEmail(' kim@shop.example ')).toBeUndefined();
  for (const email of ['', 'kim', 'kim@shop', '@shop.example', 'kim @shop.example'])
    expect(checkEmail(email)).toBe('emailInvalid');
});

test('a new password has 8 to 128 characters, counted as people count them', () => {
  expect(checkNewPassword('1234567')).toBe('passwordShort');
  expect(checkNewPassword('12345678')).toBeUndefined();
  expect(checkNewPassword('🍊'.repeat(7))).toBe('passwordShort');
  expect(checkNewPassword('🍊'.repeat(128))).toBeUndefined();
  expect(checkNewPassword('a'.repeat(129))).toBe('passwordLong');
});

test('a known password may be short, but not empty and not longer than any can be', () => {
  expect(checkKnownPassword('')).toBe('passwordMissing');
  expect(checkKnownPassword('1')).toBeUndefined();
  expect(checkKnownPassword('a'.repeat(129))).toBe('passwordLong');
});

test('a name is not blank and has at most 100 characters', () => {
  expect(checkName('  ')).toBe('nameMissing');
  expect(checkName('가'.repeat(100))).toBeUndefined();
  expect(checkName('가'.repeat(101))).toBe('nameInvalid');
});

test('fields that the service refused get their own words; others none', () => {
  const refused = ['/email', '/password', '/name', ''].map((pointer) => ({ pointer }));
  expect(complaintsIn(refused)).toEqual({
    email: 'emailInvalid',
    password: 'passwordInvalid',
    name: 'nameInvalid',
  });
  expect(complaintsIn([{ pointer: '' }])).toEqual({});
});
