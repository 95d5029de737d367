export { requireCurrency } from './currency.ts';
export { readServerVersion } from './queries.gen.ts';
