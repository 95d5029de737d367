import { useQuery } from '@tanstack/react-query';
import { useFormat } from '../../i18n/format.ts';
import { useMessages } from '../../i18n/locale.tsx';
import { Figure } from './figure.tsx';
import classes from './figure.module.css';
import { todayMessages } from './messages.ts';
import { revenueQuery } from './queries.ts';
import { percentChange } from './revenue.ts';
import { recentValues, type MinutePoint, type Operations } from './samples.ts';
import { useSamples } from './use-samples.ts';
import { useDuration, useMilliseconds, useReason } from './words.ts';

interface FiguresProps {
  readonly operations: Operations | undefined;
  readonly points: readonly MinutePoint[];
}

/** Reasons that fit below the figure. */
const REASONS_SHOWN = 2;

const Revenue = () => {
  const t = useMessages(todayMessages);
  const format = useFormat();
  const { data } = useQuery(revenueQuery);
  if (data === undefined) {
    return <Figure label={t.revenue} value={undefined} note={t.revenueNote} values={[]} />;
  }
  const { currency, today, until, todayUntil, yesterdayUntil, week } = data;
  const percent = percentChange(yesterdayUntil, todayUntil);
  const sign = percent !== undefined && percent > 0 ? '+' : '';
  const note = (
    <>
      <div>{t.until(until, format.money(todayUntil, currency))}</div>
      <div>{t.yesterday(format.money(yesterdayUntil, currency))}</div>
      {percent === undefined ? null : (
        <div className={percent < 0 ? classes.bad : classes.good}>
          {t.change(`${sign}${format.number(percent)}%`)}
        </div>
      )}
    </>
  );
  return (
    <Figure label={t.revenue} value={format.money(today, currency)} note={note} values={week} />
  );
};

const Reasons = ({ operations }: { readonly operations: Operations }) => {
  const t = useMessages(todayMessages);
  const format = useFormat();
  const reason = useReason();
  const shown = operations.refusals.slice(0, REASONS_SHOWN);
  const others = operations.refusals
    .slice(REASONS_SHOWN)
    .reduce((sum, { count }) => sum + count, 0);
  if (shown.length === 0) return t.noRefusals;
  return (
    <ul className={classes.reasons}>
      {shown.map(({ code, count }) => (
        <li key={code} className={classes.reason} title={reason(code)}>
          <span>{reason(code)}</span>
          <span>{format.number(count)}</span>
        </li>
      ))}
      {others === 0 ? null : (
        <li className={classes.reason}>
          <span>{t.otherReasons}</span>
          <span>{format.number(others)}</span>
        </li>
      )}
    </ul>
  );
};

/** The six figures of the shop, as the stream sends them. */
export const Figures = ({ operations, points }: FiguresProps) => {
  const t = useMessages(todayMessages);
  const format = useFormat();
  const duration = useDuration();
  const milliseconds = useMilliseconds();
  const number = (value: number | undefined): string | undefined =>
    value === undefined ? undefined : format.number(value);
  const samples = useSamples();
  const seen = (valueOf: (each: Operations) => number | null): (number | null)[] =>
    recentValues(samples, valueOf);
  const p99 = operations?.commitP99Ms;
  const { ordersPerMinute = 0, unitsPerMinute = 0 } = operations ?? {};
  const lag = operations?.deliveryLagSeconds;
  return (
    <div className={classes.figures}>
      <Figure
        label={t.orders}
        value={number(operations?.ordersPerMinute)}
        unit={t.ordersUnit}
        note={t.ordersNote}
        values={points.map(({ orders }) => orders)}
      />
      <Revenue />
      <Figure
        label={t.units}
        value={number(operations?.unitsPerMinute)}
        unit={t.unitsUnit}
        note={
          <>
            <div>{t.unitsNote}</div>
            {ordersPerMinute === 0 || unitsPerMinute === 0 ? null : (
              <div>
                {t.unitsPerOrder(
                  format.number(Math.round((unitsPerMinute / ordersPerMinute) * 10) / 10),
                )}
              </div>
            )}
          </>
        }
        values={seen((each) => each.unitsPerMinute)}
      />
      <Figure
        label={t.refusals}
        value={number(operations?.refusalsPerMinute)}
        unit={t.refusalsUnit}
        note={operations === undefined ? null : <Reasons operations={operations} />}
        values={seen((each) => each.refusalsPerMinute)}
      />
      <Figure
        label={t.queue}
        value={number(operations?.queueLength)}
        unit={t.queueUnit}
        note={typeof p99 === 'number' ? t.p99(milliseconds(p99)) : t.noCommits}
        values={seen((each) => each.commitP99Ms)}
      />
      <Figure
        label={t.lag}
        value={lag === undefined ? undefined : duration(lag)}
        note={lag === 0 ? t.noLag : t.lagNote}
        values={seen((each) => each.deliveryLagSeconds)}
      />
    </div>
  );
};
