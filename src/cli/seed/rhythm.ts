import type { Random } from './random.ts';

const HOUR_MS = 3_600_000;

/** The weight of each hour of a day in Seoul (UTC+9). */
const HOURS = [
  0.35, 0.2, 0.12, 0.08, 0.07, 0.1, 0.25, 0.5, 0.8, 0.9, 1, 1.25, 1.4, 1.1, 0.95, 0.95, 1, 1.1, 1.3,
  1.5, 1.6, 1.5, 1.1, 0.7,
] as const;
const SEOUL_MS = 9 * HOUR_MS;
/** The weight of Saturdays and Sundays against other days. */
const WEEKEND = 1.2;

const weightAt = (time: number): number => {
  const there = new Date(time + SEOUL_MS);
  const isWeekend = there.getUTCDay() % 6 === 0;
  return HOURS[there.getUTCHours()]! * (isWeekend ? WEEKEND : 1);
};

/**
 * Times from `from` to `to`, in order, more of them in busy hours. The n-th time is drawn from the
 * n-th of equal parts of the distribution (stratified sampling), so no times need sorting.
 */
export const createArrivals = (from: number, to: number, count: number, random: Random) => {
  const slots = Array.from({ length: Math.ceil((to - from) / HOUR_MS) }, (_, index) => {
    const begin = from + index * HOUR_MS;
    const lengthMs = Math.min(HOUR_MS, to - begin);
    return { begin, lengthMs, weight: weightAt(begin) * lengthMs };
  });
  const total = slots.reduce((sum, { weight }) => sum + weight, 0);
  let drawn = 0;
  let slot = 0;
  let before = 0;
  return (): number => {
    const wanted = ((drawn++ + random.next()) / count) * total;
    while (slot < slots.length - 1 && before + slots[slot]!.weight <= wanted) {
      before += slots[slot++]!.weight;
    }
    const { begin, lengthMs, weight } = slots[slot]!;
    return Math.floor(begin + Math.min(1, (wanted - before) / weight) * lengthMs);
  };
};
