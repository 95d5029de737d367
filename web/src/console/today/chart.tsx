import { useComputedColorScheme } from '@mantine/core';
import { useEffect, useRef } from 'react';
import { useFormat } from '../../i18n/format.ts';
import { useMessages } from '../../i18n/locale.tsx';
import classes from './chart.module.css';
import { todayMessages } from './messages.ts';
import type { drawPlot, PlotData } from './plot.ts';
import type { MinutePoint } from './samples.ts';

const SECOND_MS = 1_000;

const dataOf = (points: readonly MinutePoint[]): PlotData => [
  points.map(({ at }) => at / SECOND_MS),
  points.map(({ orders }) => orders),
  points.map(({ operations }) => operations?.refusalsPerMinute ?? null),
];

/** What is drawn, in the current language. */
const Plot = ({ points }: { readonly points: readonly MinutePoint[] }) => {
  const t = useMessages(todayMessages);
  const format = useFormat();
  const element = useRef<HTMLDivElement>(null);
  const plot = useRef<ReturnType<typeof drawPlot>>(undefined);
  const data = useRef<PlotData>(undefined);
  useEffect(() => {
    data.current = dataOf(points);
    plot.current?.show(data.current);
  }, [points]);
  useEffect(() => {
    let isGone = false;
    // Loaded with this page only.
    void import('./plot.ts').then(({ drawPlot: draw }) => {
      if (isGone || element.current === null) return;
      plot.current = draw(element.current, data.current ?? [[], [], []], {
        orders: t.ordersLine,
        refusals: t.refusalsLine,
        perMinute: t.perMinute,
        clock: format.clock,
        number: format.number,
      });
    });
    return () => {
      isGone = true;
      plot.current?.remove();
      plot.current = undefined;
    };
  }, [t, format]);
  return <div ref={element} className={classes.plot} aria-hidden />;
};

/** Orders and refusals of the last hour, drawn again in other colours when the scheme changes. */
export const Chart = ({ points }: { readonly points: readonly MinutePoint[] }) => {
  const t = useMessages(todayMessages);
  const scheme = useComputedColorScheme('light');
  return (
    <figure className={classes.chart} aria-label={t.chart}>
      <figcaption className={classes.head}>
        <h2 className={classes.title}>{t.chart}</h2>
        <span className={classes.orders}>{t.ordersLine}</span>
        <span className={classes.refusals}>{t.refusalsLine}</span>
      </figcaption>
      <Plot key={scheme} points={points} />
    </figure>
  );
};
