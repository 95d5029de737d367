import { Skeleton, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useFormat } from '../../i18n/format.ts';
import { useMessages } from '../../i18n/locale.tsx';
import { ProblemNotice, problemIn } from '../../parts/problem-notice.tsx';
import { Facts } from '../parts/facts.tsx';
import { proofMessages } from './messages.ts';
import classes from './proof.module.css';
import { logQuery } from './queries.ts';

/** The signed checkpoint of the transparency log, and the key that verifies it. */
export const LogSection = () => {
  const t = useMessages(proofMessages);
  const format = useFormat();
  const { data, error, refetch } = useQuery(logQuery);
  const mono = (text: string) => <bdi className={classes.value}>{text}</bdi>;
  return (
    <section aria-label={t.log}>
      <Title order={2} mb="xs">
        {t.log}
      </Title>
      {error === null ? null : (
        <ProblemNotice problem={problemIn(error)} onRetry={() => void refetch()} />
      )}
      {data === undefined ? (
        error === null ? (
          <Skeleton height={140} />
        ) : null
      ) : (
        <Facts
          facts={[
            [t.origin, mono(data.origin)],
            [t.size, format.number(data.size)],
            [t.root, mono(data.root)],
            [t.key, mono(data.verifierKey)],
            [t.readAt, format.exact(data.readAt)],
          ]}
        />
      )}
    </section>
  );
};
