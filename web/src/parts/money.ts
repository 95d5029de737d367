/** The largest amount that Moa takes. */
export const AMOUNT_MAX = Number.MAX_SAFE_INTEGER;

/**
 * The whole number in what was typed or pasted: its digits, of any script width; undefined without
 * a digit. A number above the largest amount becomes the largest amount.
 */
export const amountIn = (text: string): number | undefined => {
  const digits = text.normalize('NFKC').replaceAll(/[^0-9]/g, '');
  if (digits === '') return undefined;
  // As text first: a longer number would be rounded before it could be compared.
  const amount = BigInt(digits);
  return amount > BigInt(AMOUNT_MAX) ? AMOUNT_MAX : Number(amount);
};

/**
 * An amount of the minor unit in the major unit, exactly: 1299 is `12.99` in a currency with two
 * fraction digits.
 */
export const decimalOf = (amount: number, fractionDigits: number): `${number}` => {
  if (fractionDigits === 0) return `${amount}`;
  const digits = String(Math.abs(amount)).padStart(fractionDigits + 1, '0');
  const [whole, fraction] = [digits.slice(0, -fractionDigits), digits.slice(-fractionDigits)];
  return `${amount < 0 ? '-' : ''}${whole}.${fraction}` as `${number}`;
};

/** How a field writes money; both languages of the pages have a point and commas. */
export interface MoneyStyle {
  readonly fractionDigits: number;
  /** A whole number with separators. */
  readonly number: (whole: number) => string;
}

/** What a field for money shows, and the amount in the minor unit that it means. */
export interface MoneyText {
  readonly text: string;
  readonly amount: number | undefined;
}

/** What a field shows for an amount: all fraction digits, without a symbol. */
export const textOf = (amount: number, { fractionDigits, number }: MoneyStyle): string => {
  const [whole, ...fraction] = decimalOf(amount, fractionDigits).split('.');
  return [number(Number(whole)), ...fraction].join('.');
};

/**
 * What a field shows after something was typed or pasted: `1,250.5` may still become `1,250.50`.
 * Undefined for a second point and for more fraction digits than the currency has.
 */
export const moneyIn = (typed: string, style: MoneyStyle): MoneyText | undefined => {
  const { fractionDigits, number } = style;
  // Some keyboards of phones have a comma instead of the point.
  const plain = typed.normalize('NFKC').replace(/,$/, '.');
  const wanted = fractionDigits === 0 ? /[^0-9]/g : /[^0-9.]/g;
  const [whole = '', fraction, second] = plain.replaceAll(wanted, '').split('.');
  if (second !== undefined || (fraction ?? '').length > fractionDigits) return undefined;
  if (whole === '' && fraction === undefined) return { text: '', amount: undefined };
  const amount = amountIn(`${whole}${(fraction ?? '').padEnd(fractionDigits, '0')}`);
  if (amount === AMOUNT_MAX) return { text: textOf(amount, style), amount };
  const shown = number(Number(whole));
  return { text: fraction === undefined ? shown : `${shown}.${fraction}`, amount };
};

const countFrom = (text: string, from: number): number =>
  text.slice(from).replaceAll(/[^0-9.]/g, '').length;

/**
 * Where the caret stands in the text of a field: as many digits and points follow it as in what was
 * typed, before a separator.
 */
export const caretIn = (typed: string, caret: number, text: string): number => {
  const after = countFrom(typed, caret);
  let place = text.length;
  while (place > 0 && countFrom(text, place - 1) <= after) place -= 1;
  return place;
};
