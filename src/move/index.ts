export { UnusableMove, moveShop } from './move.ts';
