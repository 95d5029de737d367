import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { PROBLEMS } from '../../../src/contract/index.ts';
import { problemMessages } from '../parts/problem-messages.ts';

const SOURCES = new URL('..', import.meta.url).pathname;

interface Block {
  readonly name: string;
  readonly en: string;
  readonly ko: string;
}

/** The source text of a file's messages. That both halves have the same names, `tsc` checks. */
const blocksIn = (name: string): Block[] => {
  const text = readFileSync(join(SOURCES, name), 'utf8').replaceAll(/^\s*\/\/.*$/gm, '');
  return text
    .split('defineMessages({')
    .slice(1)
    .map((rest) => {
      const [block = ''] = rest.split('\n});');
      const [en = '', ko = ''] = block.split(/\bko: \{/);
      return { name, en, ko };
    });
};

const BLOCKS = readdirSync(SOURCES, { recursive: true, encoding: 'utf8' })
  .filter((name) => /\.tsx?$/.test(name) && !name.endsWith('.test.ts'))
  .flatMap(blocksIn);

/** What a literal says, without the values in it. */
const literalsIn = (text: string): string[] =>
  [...text.matchAll(/'((?:[^'\\\n]|\\.)*)'|`((?:[^`\\]|\\.)*)`/g)].map(([, quoted, template]) =>
    (quoted ?? template ?? '').replaceAll(/\$\{[^}]*\}/g, ''),
  );

const HANGUL = /[ㄱ-ㅎㅏ-ㅣ가-힣]/;
/** The switch to the other language speaks that language. */
const OF_OTHER_LANGUAGE = new Set(['한국어로 보기', 'View in English']);
/** Names and signs, which are the same in both languages. */
const isName = (text: string): boolean => !/[a-z]{2,} [a-z]{2,}/i.test(text);

const found = (half: 'en' | 'ko', isForeign: (text: string) => boolean): string[] =>
  BLOCKS.flatMap((block) =>
    literalsIn(block[half])
      .filter((text) => isForeign(text) && !OF_OTHER_LANGUAGE.has(text))
      .map((text) => `${block.name}: ${text}`),
  );

test('every block of messages has texts in both languages', () => {
  expect(BLOCKS.length).toBeGreaterThan(30);
  const poor = BLOCKS.filter(
    ({ en, ko }) =>
      literalsIn(en).length === 0 || !literalsIn(ko).some((text) => HANGUL.test(text)),
  );
  expect(poor.map(({ name }) => name)).toEqual([]);
});

test('English texts have no Hangul, and Korean texts no English', () => {
  expect(found('en', (text) => HANGUL.test(text))).toEqual([]);
  expect(found('ko', (text) => !HANGUL.test(text) && !isName(text))).toEqual([]);
});

test('every problem of the service has a text in both languages', () => {
  const codes = Object.keys(PROBLEMS);
  expect(Object.keys(problemMessages.en)).toEqual(expect.arrayContaining(codes));
  expect(Object.keys(problemMessages.ko)).toEqual(Object.keys(problemMessages.en));
});
