import { useSyncExternalStore } from 'react';
import { useFormat } from '../i18n/format.ts';
import { createTicks } from './ticks.ts';

/** Half of the minute that most times are counted in. */
const ticks = createTicks(30_000);

/** A time in the past, relative for less than a day, with the exact one on hover. */
export const Time = ({ at }: { readonly at: string }) => {
  const format = useFormat();
  // Only for another render: a list may be shown between two ticks.
  useSyncExternalStore(ticks.subscribe, ticks.now);
  return (
    <time dateTime={at} title={format.exact(at)}>
      {format.ago(at)}
    </time>
  );
};
