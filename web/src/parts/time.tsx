import { useFormat } from '../i18n/format.ts';

/** A time, relative for less than a day, with the exact one on hover. */
export const Time = ({ at }: { readonly at: string }) => {
  const format = useFormat();
  return (
    <time dateTime={at} title={format.exact(at)}>
      {format.ago(at)}
    </time>
  );
};
