export * from './core.ts';
export { cartRoutes } from './routes.ts';
