export {
  availableOf,
  decideAdjustment,
  decideCreate,
  evolveProduct,
  moveStock,
  productNotFound,
  type ProductCreated,
  type ProductEvent,
  type StockAdjusted,
} from './product.ts';
export { countProducts, findAnyProduct, findProducts, findStocks } from './queries.gen.ts';
export { productRoutes } from './routes.ts';
export { descriptions, products, skus, type Product } from './tables.ts';
