import { Type, type Static } from 'typebox';
import {
  AMOUNT_MAX,
  Amount,
  AsOf,
  Metadata,
  Timestamp,
  Uuid,
  choice,
  named,
  nullable,
  text,
  visibleText,
} from '../contract/index.ts';

export const SKU_LENGTH_MAX = 64;

export const Stock = Type.Integer({
  minimum: 0,
  maximum: AMOUNT_MAX,
  description: 'the units that can be bought',
});
export const ProductStatus = choice(['active', 'archived']);
export type ProductStatus = Static<typeof ProductStatus>;
export const Name = visibleText(200);
export const LongText = text(0, 10_000);
export const ImageUrl = nullable(
  Type.String({ maxLength: 2_000, pattern: '^(https?://|/)[\\x21-\\x7e]+$' }),
);

export const Sku = nullable(
  visibleText(SKU_LENGTH_MAX, "the shop's own number of the product, unique"),
);

const PRODUCT = {
  productId: Uuid,
  name: Name,
  sku: Sku,
  description: LongText,
  price: Amount,
  currency: Type.String(),
  imageUrl: ImageUrl,
  stock: Stock,
  status: ProductStatus,
  metadata: Metadata,
  createdAt: Timestamp,
  updatedAt: Timestamp,
};

export const ProductView = named('Product', PRODUCT);
export const PastProductView = named('PastProduct', { ...PRODUCT, asOf: AsOf });

export const NewProduct = named('NewProduct', {
  name: Name,
  price: Amount,
  stock: Stock,
  description: Type.Optional(LongText),
  imageUrl: Type.Optional(ImageUrl),
  sku: Type.Optional(Sku),
  metadata: Type.Optional(Metadata),
});
export type NewProduct = Static<typeof NewProduct>;
