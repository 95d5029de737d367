import type { Product, components } from '@moa-commerce/client';

type NewProduct = components['schemas']['NewProduct'];
type ProductChange = components['schemas']['ProductChange'];

/** A row of the metadata; `id` names the row while its name is typed. */
export interface MetadataRow {
  readonly id: string;
  readonly name: string;
  readonly value: string;
}

/** What the form of a product holds. */
export interface Values {
  readonly name: string;
  readonly description: string;
  readonly price: number | undefined;
  /** The first stock of a new product; later, stock is adjusted with a reason. */
  readonly stock: number | undefined;
  readonly sku: string;
  readonly imageUrl: string | null;
  readonly metadata: readonly MetadataRow[];
}

/** The fields that can be wrong. */
export type Field = keyof Values;

/** Why a field cannot be sent; `rule` is a refusal of the service. */
export type Fault = 'required' | 'repeated' | 'nameless' | 'rule' | 'taken';

export type Faults = Readonly<Partial<Record<Field, Fault>>>;

export const FIELDS: readonly Field[] = [
  'name',
  'price',
  'stock',
  'sku',
  'description',
  'imageUrl',
  'metadata',
];

/** As many rows of metadata as a product keeps. */
export const METADATA_MAX = 20;

/** The form of a new product. */
export const EMPTY: Values = {
  name: '',
  description: '',
  price: undefined,
  stock: undefined,
  sku: '',
  imageUrl: null,
  metadata: [],
};

/** The form of a product as it is. */
export const valuesOf = (product: Product): Values => ({
  name: product.name,
  description: product.description,
  price: product.price,
  stock: product.stock,
  sku: product.sku ?? '',
  imageUrl: product.imageUrl,
  metadata: Object.entries(product.metadata).map(([name, value]) => ({ id: name, name, value })),
});

const filledRows = ({ metadata }: Values): readonly MetadataRow[] =>
  metadata.filter(({ name, value }) => name.trim() !== '' || value !== '');

const metadataFault = (values: Values): Fault | undefined => {
  const names = filledRows(values).map(({ name }) => name.trim());
  if (names.includes('')) return 'nameless';
  return new Set(names).size < names.length ? 'repeated' : undefined;
};

/** What is missing or contradicts itself; everything else is for the service to decide. */
export const faultsOf = (values: Values, isNew: boolean): Faults => {
  const metadata = metadataFault(values);
  return {
    ...(values.name.trim() === '' ? { name: 'required' } : {}),
    ...(values.price === undefined ? { price: 'required' } : {}),
    ...(isNew && values.stock === undefined ? { stock: 'required' } : {}),
    ...(metadata === undefined ? {} : { metadata }),
  };
};

const metadataOf = (values: Values): Record<string, string> =>
  Object.fromEntries(filledRows(values).map(({ name, value }) => [name.trim(), value]));

/** The body that creates a product from a form without faults. */
export const newProductOf = (values: Values): NewProduct => ({
  name: values.name.trim(),
  price: values.price ?? 0,
  stock: values.stock ?? 0,
  description: values.description,
  sku: values.sku.trim() === '' ? null : values.sku.trim(),
  imageUrl: values.imageUrl,
  metadata: metadataOf(values),
});

const sameMetadata = (a: Readonly<Record<string, string>>, b: Product['metadata']): boolean => {
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => a[name] === b[name]);
};

/**
 * The body that changes a product: only what was changed in the form, so that a change that
 * somebody else made meanwhile to another field stays. The stock is not a part of it.
 */
export const changeOf = (before: Product, values: Values): ProductChange => {
  const { name, price, sku, metadata } = newProductOf(values);
  const typed = Object.fromEntries(filledRows(values).map((row) => [row.name, row.value]));
  return {
    // What was not touched is compared as it is: it may have blanks at its ends.
    ...(values.name === before.name ? {} : { name }),
    ...(price === before.price ? {} : { price }),
    ...(values.description === before.description ? {} : { description: values.description }),
    ...(values.sku === (before.sku ?? '') ? {} : { sku: sku ?? null }),
    ...(values.imageUrl === before.imageUrl ? {} : { imageUrl: values.imageUrl }),
    ...(sameMetadata(typed, before.metadata) ? {} : { metadata: metadata ?? {} }),
  };
};

/** The field that a JSON pointer (RFC 6901) into the body names. */
export const fieldOf = (pointer: string): Field | undefined => {
  const first = pointer.split('/')[1];
  return FIELDS.find((field) => field === first);
};

interface Refusal {
  readonly code: string;
  readonly errors?: readonly { readonly pointer: string }[];
}

/** The fields that a refusal of the service is about; none when it is about something else. */
export const faultsIn = (refusal: Refusal): Faults => {
  if (refusal.code === 'sku_taken') return { sku: 'taken' };
  if (refusal.code !== 'invalid_request') return {};
  const fields = (refusal.errors ?? []).map(({ pointer }) => fieldOf(pointer));
  return Object.fromEntries(
    fields.filter((field) => field !== undefined).map((field) => [field, 'rule']),
  );
};
