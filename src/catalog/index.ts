export * from './core.ts';
export { productRoutes, type ProductHistory } from './routes.ts';
export { ProductStatus, Stock } from './schemas.ts';
