import { Skeleton } from '@mantine/core';
import type { ReactNode } from 'react';
import classes from './figure.module.css';
import { Sparkline } from './sparkline.tsx';

interface FigureProps {
  readonly label: string;
  /** Undefined while it is not known. */
  readonly value: string | undefined;
  readonly unit?: string | undefined;
  /** What belongs to the figure: a comparison or its parts. */
  readonly note: ReactNode;
  readonly values: readonly (number | null)[];
}

/** One figure with its unit, a note and how it went. */
export const Figure = ({ label, value, unit, note, values }: FigureProps) => (
  <section className={classes.figure} aria-label={label}>
    <h2 className={classes.label}>{label}</h2>
    <div className={classes.row}>
      <div className={classes.value}>
        {value === undefined ? <Skeleton height={28} width={96} /> : <span>{value}</span>}
        {value === undefined || unit === undefined ? null : (
          <span className={classes.unit}>{unit}</span>
        )}
      </div>
      <Sparkline values={values} />
    </div>
    <div className={classes.note}>{note}</div>
  </section>
);
