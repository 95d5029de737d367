import { expect, test } from 'vitest';
import { toCsv } from './csv.ts';

test('a file has a header row, CRLF, quotes where needed and numbers with all digits', () => {
  const rows = [
    { name: 'Tea, "green"', units: 3n, net: -9_007_199_254_740_993n },
    { name: '두 줄\n차', units: 0n, net: 1n },
  ];
  expect(toCsv(rows, ['name', 'units', 'net'])).toBe(
    'name,units,net\r\n"Tea, ""green""",3,-9007199254740993\r\n"두 줄\n차",0,1\r\n',
  );
  expect(toCsv([], ['name'])).toBe('name\r\n');
});

test('a text that a spreadsheet would run as a formula begins with an apostrophe', () => {
  const names = ['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', ' =1', '\n=1', '＝1'];
  for (const name of names) {
    const [, cell] = toCsv([{ name }], ['name']).split('\r\n');
    expect(cell?.replace(/^"/, '')).toMatch(/^'/);
  }
  for (const name of ['Tea', '1-2', 'a=b', "'x"]) {
    expect(toCsv([{ name }], ['name'])).toBe(`name\r\n${name}\r\n`);
  }
});
