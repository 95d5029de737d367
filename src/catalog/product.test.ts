import { describe, expect, test } from 'vitest';
import { createTestRows, type TestRows } from '../../test/support/rows.ts';
import { AMOUNT_MAX } from '../contract/index.ts';
import type { RecordedEvent } from '../journal/index.ts';
import {
  availableOf,
  decideAdjustment,
  decideChange,
  decideCreate,
  describedProduct,
  evolveProduct,
  moveStock,
  viewProduct,
} from './product.ts';
import { descriptions, products, skus, type Description, type Product } from './tables.ts';

const TIME = new Date('2026-11-23T10:00:00.000Z');
const BEFORE = new Date('2026-11-22T10:00:00.000Z');

const TEA: Product = {
  productId: 'p1',
  name: 'Tea',
  sku: null,
  price: 300,
  status: 'active',
  onHand: 10,
  reserved: 4,
  createdAt: BEFORE,
  updatedAt: BEFORE,
};
const ABOUT_TEA: Description = {
  productId: 'p1',
  description: 'From Boseong.',
  imageUrl: null,
  metadata: {},
};

const withTea = (change: Partial<Product> = {}) =>
  createTestRows()
    .hold(products, { ...TEA, ...change })
    .hold(descriptions, ABOUT_TEA);

const withoutTea = () => createTestRows().miss(products, 'p1').miss(descriptions, 'p1');

const recorded = (type: string, data: object): RecordedEvent => ({
  eventId: '01980000-0000-7000-8000-000000000001',
  type,
  subject: 'p1',
  time: TIME,
  data,
});

const notFound = {
  kind: 'refused',
  refusal: { code: 'product_not_found', members: { productIds: ['p1'] } },
};

test('a new product is active, and all of its stock is available', () => {
  const given = { ...ABOUT_TEA, name: 'Tea', price: 300, stock: 10 };
  const decision = decideCreate(given, withoutTea());
  expect(decision).toMatchObject({ events: [{ type: 'product.created.v1', data: given }] });
  const rows = withoutTea();
  evolveProduct['product.created.v1'](rows, recorded('product.created.v1', given));
  expect(rows.get(products, 'p1')).toEqual({
    ...TEA,
    reserved: 0,
    createdAt: TIME,
    updatedAt: TIME,
  });
  expect(rows.get(descriptions, 'p1')).toEqual(ABOUT_TEA);
});

test('events of earlier versions fold to no SKU and no metadata', () => {
  const rows = withoutTea();
  const { metadata: _, ...described } = ABOUT_TEA;
  const created = { ...described, name: 'Tea', price: 300, stock: 10 };
  evolveProduct['product.created.v1'](rows, recorded('product.created.v1', created));
  const changed = { productId: 'p1', price: 400 };
  evolveProduct['product.changed.v1'](rows, recorded('product.changed.v1', changed));
  const times = { createdAt: TIME, updatedAt: TIME };
  expect(rows.get(products, 'p1')).toEqual({ ...TEA, price: 400, reserved: 0, ...times });
  expect(rows.get(descriptions, 'p1')).toEqual(ABOUT_TEA);
});

describe('the outcomes of a change, in order', () => {
  test('product_not_found', () => {
    expect(decideChange({ productId: 'p1', change: { price: 1 } }, withoutTea())).toEqual(notFound);
  });

  test.for([
    { price: 400 },
    { name: 'Green tea' },
    { status: 'archived' },
    { description: '' },
    { imageUrl: 'https://example.com/tea.png' },
    { name: 'Tea', price: 299 },
    { metadata: { season: 'spring' } },
  ] as const)('changed: %j', (change) => {
    const rows = withTea();
    const decision = decideChange({ productId: 'p1', change }, rows);
    const { description, imageUrl, metadata, ...fields } = { ...TEA, ...ABOUT_TEA, ...change };
    const { name, price, sku, status } = fields;
    const product = { name, description, price, imageUrl, sku, metadata, status };
    const data = { productId: 'p1', ...change, product };
    expect(decision).toEqual({
      kind: 'accepted',
      events: [{ type: 'product.changed.v1', subject: 'p1', data }],
    });
    evolveProduct['product.changed.v1'](rows, recorded('product.changed.v1', data));
    expect(rows.get(products, 'p1')).toEqual({ ...fields, updatedAt: TIME });
    expect(rows.get(descriptions, 'p1')).toEqual({
      productId: 'p1',
      description,
      imageUrl,
      metadata,
    });
  });

  test.for([
    {},
    { price: 300 },
    { name: 'Tea', status: 'active', imageUrl: null, description: 'From Boseong.' },
    { sku: null, metadata: {} },
  ] as const)('no event when nothing changes: %j', (change) => {
    const rows = withTea();
    const decision = decideChange({ productId: 'p1', change }, rows);
    expect(decision).toEqual({ kind: 'accepted', events: [] });
    expect(viewProduct(describedProduct('p1', rows), 'KRW')).toEqual({
      productId: 'p1',
      name: 'Tea',
      description: 'From Boseong.',
      price: 300,
      currency: 'KRW',
      imageUrl: null,
      stock: 6,
      sku: null,
      status: 'active',
      metadata: {},
      createdAt: BEFORE,
      updatedAt: BEFORE,
    });
  });
});

describe('a SKU', () => {
  const TAKEN = { kind: 'refused', refusal: { code: 'sku_taken', members: { productId: 'p2' } } };
  const given = { ...ABOUT_TEA, name: 'Tea', price: 300, stock: 10 };
  /** The letter é: one code point, and two. */
  const [COMPOSED, DECOMPOSED] = ['\u00e9', 'e\u0301'];
  const create = (rows: TestRows, sku: string) => {
    const data = { ...given, sku };
    const decision = decideCreate(data, rows);
    if (decision.kind === 'accepted') {
      evolveProduct['product.created.v1'](rows, recorded('product.created.v1', data));
    }
    return decision;
  };
  const change = (rows: TestRows, sku: string | null) => {
    const decision = decideChange({ productId: 'p1', change: { sku } }, rows);
    const data = { productId: 'p1', sku };
    if (decision.kind === 'accepted') {
      evolveProduct['product.changed.v1'](rows, recorded('product.changed.v1', data));
    }
    return decision;
  };

  test('of another product is refused, in any normal form', () => {
    const rows = withoutTea().hold(skus, { skuKey: COMPOSED, productId: 'p2' });
    expect(create(rows, COMPOSED)).toEqual(TAKEN);
    expect(create(rows, DECOMPOSED)).toEqual(TAKEN);
    const others = withTea().hold(skus, { skuKey: COMPOSED, productId: 'p2' });
    expect(change(others, DECOMPOSED)).toEqual(TAKEN);
  });

  test('is stored as it was sent, and is free again once its product has another', () => {
    const rows = withoutTea().miss(skus, COMPOSED, 'T-1');
    expect(create(rows, DECOMPOSED)).toMatchObject({ kind: 'accepted' });
    expect(rows.get(products, 'p1')).toMatchObject({ sku: DECOMPOSED });
    expect(rows.get(skus, COMPOSED)).toEqual({ skuKey: COMPOSED, productId: 'p1' });
    expect(change(rows, 'T-1')).toMatchObject({ kind: 'accepted' });
    expect(rows.get(skus, COMPOSED)).toEqual({ skuKey: COMPOSED, productId: null });
    expect(rows.get(skus, 'T-1')).toEqual({ skuKey: 'T-1', productId: 'p1' });
    expect(change(rows, 'T-1')).toEqual({ kind: 'accepted', events: [] });
    expect(change(rows, null)).toMatchObject({ kind: 'accepted' });
    expect(rows.get(products, 'p1')).toMatchObject({ sku: null });
    expect(rows.get(skus, 'T-1')).toEqual({ skuKey: 'T-1', productId: null });
  });
});

describe('the outcomes of a stock adjustment, in order', () => {
  const adjust = (delta: number) => ({ productId: 'p1', delta, reason: 'counted' });

  test('product_not_found', () => {
    expect(decideAdjustment(adjust(-99), withoutTea())).toEqual(notFound);
  });

  test('insufficient_stock: reserved units cannot be removed', () => {
    expect(decideAdjustment(adjust(-7), withTea())).toEqual({
      kind: 'refused',
      refusal: {
        code: 'insufficient_stock',
        members: { items: [{ productId: 'p1', requested: 7, available: 6 }] },
      },
    });
  });

  test('stock_limit_exceeded: beyond the safe integers', () => {
    expect(decideAdjustment(adjust(AMOUNT_MAX - 9), withTea())).toEqual({
      kind: 'refused',
      refusal: {
        code: 'stock_limit_exceeded',
        members: { limit: AMOUNT_MAX, productId: 'p1', stock: 6 },
      },
    });
  });

  test.for([-6, -1, 1, AMOUNT_MAX - 10])('adjusted by %i', (delta) => {
    const rows = withTea();
    const decision = decideAdjustment(adjust(delta), rows);
    const stock = 6 + delta;
    const data = { ...adjust(delta), stock };
    expect(decision).toMatchObject({ events: [{ type: 'stock.adjusted.v1', data }] });
    evolveProduct['stock.adjusted.v1'](rows, recorded('stock.adjusted.v1', data));
    expect(rows.get(products, 'p1')).toEqual({ ...TEA, onHand: 10 + delta, updatedAt: TIME });
    expect(availableOf(rows.get(products, 'p1')!)).toBe(stock);
  });
});

describe('a movement of stock', () => {
  test.for([
    ['a sale', { onHand: -6, reserved: 0 }],
    ['a reservation', { onHand: 0, reserved: 6 }],
    ['the sale of reserved units', { onHand: -4, reserved: -4 }],
    ['the release of reserved units', { onHand: 0, reserved: -4 }],
    ['a return', { onHand: 3, reserved: 0 }],
  ] as const)('%s changes the units and the time', ([, movement]) => {
    const rows = withTea();
    moveStock(rows, { productId: 'p1', ...movement }, TIME);
    expect(rows.get(products, 'p1')).toEqual({
      ...TEA,
      onHand: 10 + movement.onHand,
      reserved: 4 + movement.reserved,
      updatedAt: TIME,
    });
  });

  test.for([
    ['a sale of units that others have reserved', { onHand: -7, reserved: 0 }],
    ['a reservation of more units than are available', { onHand: 0, reserved: 7 }],
    ['a release of more units than are reserved', { onHand: 0, reserved: -5 }],
    ['a return beyond the safe integers', { onHand: AMOUNT_MAX, reserved: 0 }],
  ] as const)('%s is a fault', ([, movement]) => {
    const rows = withTea();
    const move = () => moveStock(rows, { productId: 'p1', ...movement }, TIME);
    expect(move).toThrow('product p1 cannot move');
    expect(rows.get(products, 'p1')).toEqual(TEA);
  });
});
