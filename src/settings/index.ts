export { requireCurrency } from './currency.ts';
