import { expect, test } from 'vitest';
import { cutAt, daysBetween, daysOf } from './days.ts';

const HOUR_MS = 3_600_000;
const QUARTER_MS = HOUR_MS / 4;

const hoursOf = (from: string, to: string, timeZone: string): number[] =>
  daysOf(from, to, timeZone).map(({ begins, ends }) => (+ends - +begins) / HOUR_MS);

test('a day begins at its first instant in the zone', () => {
  expect(daysOf('2026-11-20', '2026-11-22', 'Asia/Seoul')).toEqual([
    {
      day: '2026-11-20',
      begins: new Date('2026-11-19T15:00:00Z'),
      ends: new Date('2026-11-20T15:00:00Z'),
    },
    {
      day: '2026-11-21',
      begins: new Date('2026-11-20T15:00:00Z'),
      ends: new Date('2026-11-21T15:00:00Z'),
    },
  ]);
});

test('a day in which clocks change has 23, 23.5, 24.5 or 25 hours; a skipped day has none', () => {
  expect(hoursOf('2026-03-07', '2026-03-10', 'America/New_York')).toEqual([24, 23, 24]);
  expect(hoursOf('2026-10-31', '2026-11-03', 'America/New_York')).toEqual([24, 25, 24]);
  expect(hoursOf('2026-04-04', '2026-04-07', 'Australia/Lord_Howe')).toEqual([24, 24.5, 24]);
  expect(hoursOf('2026-10-03', '2026-10-06', 'Australia/Lord_Howe')).toEqual([24, 23.5, 24]);
  // These clocks skip midnight, or show the hour before it twice.
  expect(hoursOf('2026-04-23', '2026-04-26', 'Africa/Cairo')).toEqual([24, 23, 24]);
  expect(hoursOf('2026-10-28', '2026-10-31', 'Africa/Cairo')).toEqual([24, 25, 24]);
  expect(hoursOf('2011-12-29', '2012-01-01', 'Pacific/Apia')).toEqual([24, 0, 24]);
});

test('days are cut at a local time, also where clocks change', () => {
  const hoursUntil = (from: string, to: string, timeZone: string, time: string): number[] =>
    cutAt(daysOf(from, to, timeZone), time, timeZone).map(
      ({ begins, ends }) => (+ends - +begins) / HOUR_MS,
    );
  expect(hoursUntil('2026-11-20', '2026-11-22', 'Asia/Seoul', '14:30')).toEqual([14.5, 14.5]);
  expect(hoursUntil('2026-11-20', '2026-11-21', 'Asia/Seoul', '00:00')).toEqual([0]);
  expect(hoursUntil('2026-03-07', '2026-03-09', 'America/New_York', '02:30')).toEqual([2.5, 2.5]);
  expect(hoursUntil('2026-03-08', '2026-03-09', 'America/New_York', '12:00')).toEqual([11]);
  expect(hoursUntil('2026-11-01', '2026-11-02', 'America/New_York', '01:30')).toEqual([1.5]);
  // Cairo has no midnight on this day; Apia has no such day.
  expect(hoursUntil('2026-04-24', '2026-04-25', 'Africa/Cairo', '00:15')).toEqual([0.25]);
  expect(hoursUntil('2011-12-30', '2011-12-31', 'Pacific/Apia', '09:00')).toEqual([0]);
});

test('the number of days does not depend on the months', () => {
  expect(daysBetween('2026-02-28', '2026-03-01')).toBe(1);
  expect(daysBetween('2027-12-31', '2029-01-01')).toBe(367);
  expect(daysBetween('2026-01-02', '2026-01-01')).toBe(-1);
});

test('the days of every zone consist of whole quarters of an hour', () => {
  const faults: string[] = [];
  for (const timeZone of Intl.supportedValuesOf('timeZone')) {
    for (const year of [2000, 2011, 2026, 2099]) {
      for (const [from, to] of [
        [`${year}-03-25`, `${year}-04-01`],
        [`${year}-10-25`, `${year}-11-02`],
      ] as const) {
        for (const { day, begins } of daysOf(from, to, timeZone)) {
          if (+begins % QUARTER_MS !== 0) faults.push(`${timeZone} ${day}`);
        }
      }
    }
  }
  expect(faults).toEqual([]);
});
