/** The largest amount that Moa takes. */
export const AMOUNT_MAX = Number.MAX_SAFE_INTEGER;

/**
 * The amount in what was typed or pasted: its digits, of any script width, as a whole number of the
 * minor unit; undefined without a digit. An amount above the largest becomes the largest.
 */
export const amountIn = (text: string, max: number = AMOUNT_MAX): number | undefined => {
  const digits = text.normalize('NFKC').replaceAll(/[^0-9]/g, '');
  if (digits === '') return undefined;
  // As text first: a longer number would be rounded before it could be compared.
  const amount = BigInt(digits);
  return amount > BigInt(max) ? max : Number(amount);
};

const digitsFrom = (text: string, from: number): number =>
  text.slice(from).replaceAll(/[^0-9]/g, '').length;

/** Where the caret stands in the formatted text: as many digits follow it, before a separator. */
export const caretIn = (typed: string, caret: number, formatted: string): number => {
  const after = digitsFrom(typed, caret);
  let place = formatted.length;
  while (place > 0 && digitsFrom(formatted, place - 1) <= after) place -= 1;
  return place;
};
