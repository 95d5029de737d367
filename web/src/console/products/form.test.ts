import type { Product } from '@moa-commerce/client';
import { expect, test } from 'vitest';
import {
  EMPTY,
  changeOf,
  faultsIn,
  faultsOf,
  fieldOf,
  newProductOf,
  valuesOf,
  type Values,
} from './form.ts';

const PRODUCT: Product = {
  productId: '0197a3c0-5d00-7000-8000-000000000001',
  name: 'Mug',
  sku: 'MUG',
  description: 'White',
  price: 15_000,
  currency: 'KRW',
  imageUrl: '/v1/images/mug',
  stock: 40,
  status: 'active',
  metadata: { channel: 'app' },
  createdAt: '2026-01-05T09:30:00.000Z',
  updatedAt: '2026-01-05T09:30:00.000Z',
};

const FILLED: Values = { ...EMPTY, name: ' Mug ', price: 15_000, stock: 0, sku: ' ' };

const row = (name: string, value: string, id = name) => ({ id, name, value });

test('a new product needs a name, a price and a stock, which may be zero', () => {
  expect(faultsOf(EMPTY, true)).toEqual({
    name: 'required',
    price: 'required',
    stock: 'required',
  });
  expect(faultsOf(FILLED, true)).toEqual({});
  expect(faultsOf({ ...FILLED, stock: undefined }, false)).toEqual({});
  expect(faultsOf({ ...FILLED, name: '  ' }, true)).toEqual({ name: 'required' });
});

test('names of metadata are there and differ; an empty row is left out', () => {
  const faultWith = (...metadata: Values['metadata']) =>
    faultsOf({ ...FILLED, metadata }, true).metadata;
  expect(faultWith(row('', '', '1'), row('a', ''))).toBeUndefined();
  expect(faultWith(row('', 'app', '1'))).toBe('nameless');
  expect(faultWith(row('a', '1', '1'), row(' a', '2', '2'))).toBe('repeated');
  const values = { ...FILLED, metadata: [row('', '', '1'), row(' a ', ' b ')] };
  expect(newProductOf(values).metadata).toEqual({ a: ' b ' });
});

test('an empty SKU is none', () => {
  expect(newProductOf(FILLED)).toEqual({
    name: 'Mug',
    price: 15_000,
    stock: 0,
    description: '',
    sku: null,
    imageUrl: null,
    metadata: {},
  });
});

test('a form that was not changed changes nothing', () => {
  expect(changeOf(PRODUCT, valuesOf(PRODUCT))).toEqual({});
  const blanks = { ...PRODUCT, name: ' Mug ', sku: null, metadata: { ' a ': '', b: '' } };
  expect(changeOf(blanks, valuesOf(blanks))).toEqual({});
});

test('a change has only the changed fields, and never the stock', () => {
  const values = valuesOf(PRODUCT);
  expect(changeOf(PRODUCT, { ...values, price: 16_000, stock: 1 })).toEqual({ price: 16_000 });
  expect(changeOf(PRODUCT, { ...values, sku: '', imageUrl: null, metadata: [] })).toEqual({
    sku: null,
    imageUrl: null,
    metadata: {},
  });
  expect(changeOf(PRODUCT, { ...values, metadata: [row('channel', 'web')] })).toEqual({
    metadata: { channel: 'web' },
  });
});

test('a pointer names the field that it goes into', () => {
  expect(
    ['/price', '/metadata/a~1b', '/metadata', '', '/unknown', '/query/name'].map(fieldOf),
  ).toEqual(['price', 'metadata', 'metadata', undefined, undefined, undefined]);
});

test('a refusal is shown at its fields, also that of a SKU', () => {
  const errors = [{ pointer: '/name' }, { pointer: '/imageUrl' }, { pointer: '/imageUrl' }];
  expect(faultsIn({ code: 'invalid_request', errors })).toEqual({ name: 'rule', imageUrl: 'rule' });
  expect(faultsIn({ code: 'sku_taken' })).toEqual({ sku: 'taken' });
  expect(faultsIn({ code: 'overloaded' })).toEqual({});
});
