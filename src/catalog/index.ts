export { DEMO_PRODUCTS } from './demo.ts';
export {
  availableOf,
  decideCreate,
  evolveProduct,
  productNotFound,
  takeStock,
  type Product,
} from './product.ts';
export { findAnyProduct } from './queries.gen.ts';
export { productRoutes } from './routes.ts';
export { descriptions, products } from './tables.ts';
