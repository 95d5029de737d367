import { AMOUNT_MAX } from '../../parts/money.ts';

/**
 * The change of a stock in what was typed: a whole number with a sign in front, of any script
 * width; undefined for anything else, and for zero, which changes nothing.
 */
export const deltaIn = (text: string): number | undefined => {
  const plain = text.normalize('NFKC').replaceAll(/[\s,]/g, '').replace('−', '-');
  if (!/^[+-]?\d{1,16}$/.test(plain)) return undefined;
  const delta = Number(plain);
  return delta === 0 || Math.abs(delta) > AMOUNT_MAX ? undefined : delta;
};

/** The stock after a change, or undefined when it would not be a stock. */
export const stockAfter = (stock: number, delta: number): number | undefined => {
  const after = stock + delta;
  return after < 0 || after > AMOUNT_MAX ? undefined : after;
};

/** Why what was typed cannot be a change of the stock; a sign alone is not finished yet. */
export const deltaFault = (
  text: string,
  stock: number,
  wasSent: boolean,
): 'no_change' | 'too_many' | undefined => {
  const delta = deltaIn(text);
  if (delta !== undefined) return stockAfter(stock, delta) === undefined ? 'too_many' : undefined;
  return wasSent || !/^\s*[+\-−]?$/.test(text) ? 'no_change' : undefined;
};
