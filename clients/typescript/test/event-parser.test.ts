import { expect, test } from 'vitest';
import { createEventParser } from '../src/event-parser.ts';

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

const parse = (text: string) => createEventParser().push(encode(text));

const dataOf = (text: string): string[] => parse(text).map(({ data }) => data);

test('the examples of the HTML Standard have the events that it describes', () => {
  expect(dataOf('data: YHOO\ndata: +2\ndata: 10\n\n')).toEqual(['YHOO\n+2\n10']);
  const blocks =
    ': test stream\n\ndata: first event\nid: 1\n\ndata:second event\nid\n\ndata:  third event\n';
  expect(parse(blocks)).toEqual([
    { event: 'message', data: 'first event', lastEventId: '1' },
    { event: 'message', data: 'second event', lastEventId: '' },
  ]);
  expect(dataOf(`${blocks}\n`)[2]).toBe(' third event');
  expect(dataOf('data\n\ndata\ndata\n\ndata:')).toEqual(['', '\n']);
  expect(dataOf('data:test\n\ndata: test\n\n')).toEqual(['test', 'test']);
  expect(parse('event: add\ndata: 73857293\n\nevent: remove\ndata: 2153\n\n')).toMatchObject([
    { event: 'add', data: '73857293' },
    { event: 'remove', data: '2153' },
  ]);
});

test('lines end at CRLF, LF or CR, and a stream may begin with one byte order mark', () => {
  expect(dataOf('data: a\r\ndata: b\r\n\r\ndata: c\r\rdata: d\n\r\n')).toEqual(['a\nb', 'c', 'd']);
  expect(dataOf('\u{FEFF}data: a\n\n')).toEqual(['a']);
  expect(dataOf('\u{FEFF}\u{FEFF}data: a\n\n')).toEqual([]);
});

test('unknown fields, comments and an event without data are no events', () => {
  expect(parse(':\n\n: data: a\n\ndat: a\n\n data: a\n\nevent: stock\n\n')).toEqual([]);
  expect(parse('event: stock\n\ndata: a\n\n')).toMatchObject([{ event: 'message' }]);
  expect(dataOf('data: a: b\n\n')).toEqual(['a: b']);
});

test('an id counts once a blank line completes it, and lasts until there is another', () => {
  const parser = createEventParser('7');
  expect(parser.push(encode('data: a\n\n'))).toMatchObject([{ lastEventId: '7' }]);
  parser.push(encode('id: 8\n'));
  expect(parser.lastEventId()).toBe('7');
  parser.push(encode('\n'));
  expect(parser.lastEventId()).toBe('8');
  parser.push(encode('id: 9\0\n\n'));
  expect(parser.lastEventId()).toBe('8');
  expect(parser.push(encode('data: b\n\n'))).toMatchObject([{ lastEventId: '8' }]);
});

test('`retry` is a number of digits, and any other value is ignored', () => {
  const parser = createEventParser();
  expect(parser.retryMs()).toBeUndefined();
  parser.push(encode('retry: 2500\n'));
  for (const value of ['', '-1', '1.5', '1e3', 'soon']) parser.push(encode(`retry: ${value}\n`));
  expect(parser.retryMs()).toBe(2_500);
});

test('a stream means the same wherever it is cut, also within a character or a CRLF', () => {
  const bytes = encode(
    '\u{FEFF}event: tea\r\ndata: Käse\r\ndata: 🫖\r\n\r\ndata: a\rdata: b\r\r:\ndata: c\n\n',
  );
  const expected = createEventParser().push(bytes);
  expect(expected.map(({ data }) => data)).toEqual(['Käse\n🫖', 'a\nb', 'c']);
  for (let first = 0; first <= bytes.length; first += 1) {
    for (let second = first; second <= bytes.length; second += 1) {
      const { push } = createEventParser();
      const pieces = [bytes.slice(0, first), bytes.slice(first, second), bytes.slice(second)];
      expect(pieces.flatMap(push)).toEqual(expected);
    }
  }
});
