/** A number with a fraction or an exponent. A string that looks like one costs a second pass. */
const SUSPECT = /[\t\n\r ,:[]-?\d+[.eE]/;
/** The strings and numbers of well-formed JSON (RFC 8259 §6 and §7). */
const TOKENS = /"(?:[^"\\]+|\\.)*"|-?\d[\d.eE+-]*/g;
const NUMBER = /^-?(\d+)(?:\.(\d+))?(?:[eE](.+))?$/;
/** Parses to infinity, which no schema accepts as a number. */
const NO_NUMBER = '1e400';

/**
 * Whether JSON text may have fractions that a parser rounds away: `1.00000000000000000001` would be
 * read as 1. Costs a quarter of a microsecond for an order.
 */
export const mayHideFraction = (text: string): boolean => SUSPECT.test(text);

/** Replaces such numbers in well-formed JSON text by a number that every schema rejects. */
export const refuseHiddenFractions = (text: string): string =>
  text.replaceAll(TOKENS, (token) => (hidesFraction(token) ? NO_NUMBER : token));

const hidesFraction = (token: string): boolean =>
  !token.startsWith('"') && Number.isInteger(Number(token)) && !isInteger(token);

/** Whether a number is an integer by its decimal digits: `1e3` and `1.0` are. */
const isInteger = (written: string): boolean => {
  const [, whole = '', fraction = '', exponent = '0'] = NUMBER.exec(written) ?? [];
  const digits = whole + fraction;
  let zeros = 0;
  while (zeros < digits.length && digits.at(-1 - zeros) === '0') zeros += 1;
  return zeros === digits.length || zeros + Number(exponent) >= fraction.length;
};
