import { useFormat } from '../../i18n/format.ts';
import { useMessages } from '../../i18n/locale.tsx';
import { useProblemText } from '../../parts/problem-notice.tsx';
import { todayMessages } from './messages.ts';

const MINUTE = 60;
const HOUR = 3_600;

/** Says a number of seconds in its largest unit. */
export const useDuration = (): ((seconds: number) => string) => {
  const t = useMessages(todayMessages);
  const format = useFormat();
  return (seconds) => {
    if (seconds < 2 * MINUTE) return t.seconds(format.number(Math.round(seconds)));
    if (seconds < 2 * HOUR) return t.minutes(format.number(Math.round(seconds / MINUTE)));
    return t.hours(format.number(Math.round(seconds / HOUR)));
  };
};

/** Says a number of milliseconds; below ten with one decimal. */
export const useMilliseconds = (): ((ms: number) => string) => {
  const t = useMessages(todayMessages);
  const format = useFormat();
  return (ms) => t.ms(format.number(ms < 10 ? Math.round(ms * 10) / 10 : Math.round(ms)));
};

/** Says a reason of a refusal: what happened, without the advice for the customer. */
export const useReason = (): ((code: string) => string) => {
  const text = useProblemText();
  return (code) => text({ code }).split(/(?<=[.!?])\s/)[0] ?? code;
};
