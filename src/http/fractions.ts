/** Whether a number has a fraction or an exponent. A string that looks like one costs a parse. */
const SUSPECT = /[\t\n\r ,:[]-?\d+[.eE]/;
/** The strings and numbers of well-formed JSON (RFC 8259 §6 and §7), whole. */
const TOKENS = /"(?:[^"\\]+|\\.)*"|-?\d[\d.eE+-]*/g;
const NUMBER = /^-?(\d+)(?:\.(\d+))?(?:[eE](.+))?$/;
/** Parses to infinity, which no schema takes for a number. */
const NO_NUMBER = '1e400';

/**
 * Whether JSON text has numbers with a fraction that a parser may round away:
 * `1.00000000000000000001` would be read as 1. Costs a quarter of a microsecond for an order.
 */
export const mayHideFraction = (text: string): boolean => SUSPECT.test(text);

/** Well-formed JSON text without such numbers: in their place stands one that is refused. */
export const refuseHiddenFractions = (text: string): string =>
  text.replaceAll(TOKENS, (token) => (hidesFraction(token) ? NO_NUMBER : token));

const hidesFraction = (token: string): boolean =>
  !token.startsWith('"') && Number.isInteger(Number(token)) && !isInteger(token);

/** Whether a number is an integer as it is written, by its decimal digits: `1e3` and `1.0` are. */
const isInteger = (written: string): boolean => {
  const [, whole = '', fraction = '', exponent = '0'] = NUMBER.exec(written) ?? [];
  const digits = whole + fraction;
  let zeros = 0;
  while (zeros < digits.length && digits.at(-1 - zeros) === '0') zeros += 1;
  return zeros === digits.length || zeros + Number(exponent) >= fraction.length;
};
