import type { ReactNode } from 'react';
import classes from './facts.module.css';

/** Names with their values, one under the other. */
export const Facts = ({
  facts,
}: {
  readonly facts: readonly (readonly [name: string, value: ReactNode])[];
}) => (
  <dl className={classes.facts}>
    {facts.map(([name, value]) => (
      <div key={name} className={classes.fact}>
        <dt>
          <bdi>{name}</bdi>
        </dt>
        <dd>{value}</dd>
      </div>
    ))}
  </dl>
);
