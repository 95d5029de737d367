import { Value } from 'typebox/value';
import { expect, test } from 'vitest';
import { Moment, timeOf } from './moment.ts';

test('the time of a moment is the first millisecond that is not before it', () => {
  const times = {
    '2026-11-20T09:00:00+09:00': '2026-11-20T00:00:00.000Z',
    '2026-11-20T00:00:00.5Z': '2026-11-20T00:00:00.500Z',
    '2026-11-20T00:00:00.123000Z': '2026-11-20T00:00:00.123Z',
    '2026-11-20T00:00:00.123000001Z': '2026-11-20T00:00:00.124Z',
    '2026-11-19T23:59:59.9991-00:30': '2026-11-20T00:30:00.000Z',
  };
  for (const [moment, time] of Object.entries(times)) {
    expect(Value.Check(Moment, moment)).toBe(true);
    expect(timeOf(moment).toISOString()).toBe(time);
  }
});
