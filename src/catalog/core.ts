export {
  availableOf,
  decideAdjustment,
  decideCreate,
  describedProduct,
  evolveProduct,
  excessStock,
  moveStock,
  productNotFound,
  type ProductChanged,
  type ProductCreated,
  type ProductDetails,
  type ProductEvent,
  type StockAdjusted,
} from './product.ts';
export { countProducts, findAnyProduct, findProducts, findStocks } from './queries.gen.ts';
export { descriptions, products, skus, type Description, type Product } from './tables.ts';
