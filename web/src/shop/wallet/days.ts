import type { WalletEntry } from '@moa-commerce/client';

/** The entries of one day, newest first. */
export interface Day {
  readonly day: string;
  readonly entries: readonly WalletEntry[];
}

/** Entries grouped by the day that they have in the browser's time zone; the order is kept. */
export const daysOf = (
  entries: readonly WalletEntry[],
  dayOf: (time: string) => string,
): readonly Day[] => {
  const days: { readonly day: string; readonly entries: WalletEntry[] }[] = [];
  for (const entry of entries) {
    const day = dayOf(entry.createdAt);
    const last = days.at(-1);
    if (last?.day === day) last.entries.push(entry);
    else days.push({ day, entries: [entry] });
  }
  return days;
};

/** The order that an entry leads to; a charge or a withdrawal has none. */
export const orderIdOf = ({ kind, reference }: WalletEntry): string | undefined =>
  kind === 'payment' || kind === 'refund' ? reference : undefined;

/** Amounts that are charged often, in the currency's minor unit. */
export const quickAmounts = (currency: string): readonly number[] => {
  const step = currency === 'KRW' ? 10_000 : 1_000;
  return [step, 3 * step, 5 * step, 10 * step];
};
