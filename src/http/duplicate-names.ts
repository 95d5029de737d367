import { escapeStep } from './pointer.ts';

/** The strings and punctuation of well-formed JSON (RFC 8259 §2 and §7). */
const TOKENS = /"(?:[^"\\]+|\\.)*"|[{}[\],:]/g;

/**
 * The JSON pointer (RFC 6901) of a duplicate name in an object of well-formed JSON text, parsed as
 * `value`; undefined without one. Parsers keep one of the two, and differ in which (RFC 8259 §4).
 * Costs about as much as parsing; a string that contains `":` costs a second pass.
 */
export const findDuplicateName = (text: string, value: unknown): string | undefined =>
  countNames(value) === countNameEnds(text) ? undefined : readNames(text);

const QUOTE = 0x22;
const SPACE = 0x20;

/**
 * The number of colons after a quotation mark, with or without white space. Every name ends so, and
 * a string may contain such text: there are at least as many as names.
 */
const countNameEnds = (text: string): number => {
  let count = 0;
  for (let colon = text.indexOf(':'); colon !== -1; colon = text.indexOf(':', colon + 1)) {
    let end = colon - 1;
    while (text.charCodeAt(end) <= SPACE) end -= 1;
    if (text.charCodeAt(end) === QUOTE) count += 1;
  }
  return count;
};

/**
 * The number of members of all objects in a value. Not recursive: the input may be deeply nested.
 */
const countNames = (value: unknown): number => {
  let count = 0;
  const waiting = [value];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (typeof next !== 'object' || next === null) continue;
    const values: readonly unknown[] = Array.isArray(next) ? next : Object.values(next);
    if (values !== next) count += values.length;
    for (const each of values) if (typeof each === 'object') waiting.push(each);
  }
  return count;
};

/** An open object or array, and the pointer step to its current value. */
interface Container {
  /** The names so far; undefined in an array. */
  readonly names: Set<string> | undefined;
  step: string | number;
}

const readNames = (text: string): string | undefined => {
  const path: Container[] = [];
  let string = '';
  for (const [token] of text.matchAll(TOKENS)) {
    const container = path.at(-1);
    if (token === '{') path.push({ names: new Set(), step: '' });
    else if (token === '[') path.push({ names: undefined, step: 0 });
    else if (token === '}' || token === ']') path.pop();
    else if (token === ',') {
      if (typeof container!.step === 'number') container!.step += 1;
    } else if (token === ':') {
      container!.step = JSON.parse(string) as string;
      if (container!.names!.has(container!.step)) return pointerOf(path);
      container!.names!.add(container!.step);
    } else string = token;
  }
  return undefined;
};

const pointerOf = (path: readonly Container[]): string =>
  path.map(({ step }) => `/${escapeStep(step)}`).join('');
