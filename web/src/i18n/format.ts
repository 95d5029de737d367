import { useMemo } from 'react';
import { decimalOf } from '../parts/money.ts';
import { useLocale } from './locale.tsx';
import type { Locale } from './messages.ts';

const TAGS: Record<Locale, string> = { ko: 'ko-KR', en: 'en-US' };

/** Formats values of one language; `Intl` objects are expensive, so each is made once. */
export const createFormat = (locale: Locale) => {
  const tag = TAGS[locale];
  const number = new Intl.NumberFormat(tag);
  const exact = new Intl.DateTimeFormat(tag, { dateStyle: 'long', timeStyle: 'medium' });
  const day = new Intl.DateTimeFormat(tag, { dateStyle: 'full' });
  const short = new Intl.DateTimeFormat(tag, { dateStyle: 'medium', timeStyle: 'short' });
  const clock = new Intl.DateTimeFormat(tag, { timeStyle: 'short' });
  const relative = new Intl.RelativeTimeFormat(tag, { numeric: 'auto' });
  const currencies = new Map<string, Intl.NumberFormat>();
  const currencyFormat = (currency: string): Intl.NumberFormat => {
    const known = currencies.get(currency);
    if (known !== undefined) return known;
    const made = new Intl.NumberFormat(tag, {
      style: 'currency',
      currency,
      currencyDisplay: 'narrowSymbol',
    });
    currencies.set(currency, made);
    return made;
  };
  const fractionDigitsOf = (currency: string): number =>
    currencyFormat(currency).resolvedOptions().maximumFractionDigits ?? 0;
  return {
    /** A whole number with separators. */
    number: (value: number): string => number.format(value),
    /** An amount in the currency's minor unit: `12,000원` in Korean, `₩12,000` in English. */
    money: (amount: number, currency: string): string =>
      currency === 'KRW' && locale === 'ko'
        ? `${number.format(amount)}원`
        : currencyFormat(currency).format(decimalOf(amount, fractionDigitsOf(currency))),
    /** How many digits of the currency's major unit are its minor unit. */
    fractionDigitsOf,
    /** An amount in the currency's minor unit as a number of its major unit, for a file. */
    major: (amount: number, currency: string): number =>
      Number(decimalOf(amount, fractionDigitsOf(currency))),
    /** Date and time to the second. */
    exact: (time: string | number | Date): string => exact.format(new Date(time)),
    /** Date and time to the minute. */
    short: (time: string | number | Date): string => short.format(new Date(time)),
    /** The day with its weekday, for groups of a list. */
    day: (time: string | number | Date): string => day.format(new Date(time)),
    /** Hours and minutes. */
    clock: (time: string | number | Date): string => clock.format(new Date(time)),
    /**
     * How long ago, for less than a day; otherwise date and time. What a clock that is behind has
     * in the future is now.
     */
    ago: (time: string | number | Date, now: number = Date.now()): string => {
      const seconds = Math.max(0, Math.round((now - new Date(time).getTime()) / 1_000));
      if (seconds < 60) return relative.format(-seconds, 'second');
      if (seconds < 3_600) return relative.format(-Math.round(seconds / 60), 'minute');
      if (seconds < 86_400) return relative.format(-Math.round(seconds / 3_600), 'hour');
      return short.format(new Date(time));
    },
  };
};

export type Format = ReturnType<typeof createFormat>;

/** Formats money, numbers and times in the current language. */
export const useFormat = (): Format => {
  const { locale } = useLocale();
  return useMemo(() => createFormat(locale), [locale]);
};
