export { encode } from './encode.ts';
export { rasterize } from './formats.ts';
export { addressOf, imageIdOf, storeImage } from './image.ts';
export { imageRoutes } from './routes.ts';
