import { Anchor, Group, Skeleton, Title } from '@mantine/core';
import { IconAlertTriangle, IconCircleCheck, IconExternalLink } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useMessages } from '../../i18n/locale.tsx';
import { defineMessages } from '../../i18n/messages.ts';
import { ProblemNotice, problemIn } from '../../parts/problem-notice.tsx';
import { useCheckWords } from '../parts/check-words.ts';
import { readinessQuery, revenueQuery } from '../today/queries.ts';
import { buildQuery } from './queries.ts';
import classes from './settings.module.css';

const messages = defineMessages({
  en: {
    service: 'Service',
    version: 'Version',
    node: 'Node.js',
    postgres: 'PostgreSQL',
    currency: 'Currency',
    state: 'State',
    ready: 'Ready for requests',
    notReady: 'Not ready for requests',
    docs: 'Documentation of the API',
    openapi: 'OpenAPI document',
    metrics: 'Metrics',
    problems: 'Problems and what they mean',
  },
  ko: {
    service: '서비스',
    version: '버전',
    node: 'Node.js',
    postgres: 'PostgreSQL',
    currency: '통화',
    state: '상태',
    ready: '요청을 받을 수 있어요',
    notReady: '요청을 받을 수 없어요',
    docs: 'API 문서',
    openapi: 'OpenAPI 문서',
    metrics: '지표',
    problems: '오류와 그 뜻',
  },
});

const Fact = ({ name, children }: { readonly name: string; readonly children: ReactNode }) => (
  <>
    <dt>{name}</dt>
    <dd>{children ?? <Skeleton height={16} width={96} mt={4} />}</dd>
  </>
);

const State = ({ isReady, text }: { readonly isReady: boolean; readonly text: string }) => (
  <Group gap={6} wrap="nowrap">
    {isReady ? (
      <IconCircleCheck size={18} aria-hidden color="var(--moa-good)" />
    ) : (
      <IconAlertTriangle size={18} aria-hidden color="var(--moa-bad)" />
    )}
    {text}
  </Group>
);

const Links = ({ hasMetrics }: { readonly hasMetrics: boolean }) => {
  const t = useMessages(messages);
  const links = [
    { href: '/docs', text: t.docs },
    { href: '/openapi.json', text: t.openapi },
    { href: '/problems', text: t.problems },
    ...(hasMetrics ? [{ href: '/metrics', text: t.metrics }] : []),
  ];
  return (
    <Group gap="md" mt="md">
      {links.map(({ href, text }) => (
        <Anchor key={href} href={href} target="_blank" rel="noreferrer" size="sm">
          {text} <IconExternalLink size={14} aria-hidden />
        </Anchor>
      ))}
    </Group>
  );
};

/** What this installation is, and whether it can answer requests. */
export const Service = () => {
  const t = useMessages(messages);
  const build = useQuery(buildQuery);
  const readiness = useQuery(readinessQuery);
  const { data: revenue } = useQuery(revenueQuery);
  const { nameOf, stateOf } = useCheckWords();
  const error = build.error ?? readiness.error;
  const retry = async (): Promise<void> => {
    await Promise.all([build.refetch(), readiness.refetch()]);
  };
  const { data } = readiness;
  return (
    <section className={classes.section} aria-label={t.service}>
      <Title order={2} mb="xs">
        {t.service}
      </Title>
      {error === null ? null : (
        <ProblemNotice problem={problemIn(error)} onRetry={() => void retry()} />
      )}
      <dl className={classes.facts}>
        <Fact name={t.state}>
          {data === undefined ? undefined : (
            <State isReady={data.ready} text={data.ready ? t.ready : t.notReady} />
          )}
        </Fact>
        <Fact name={t.version}>{build.data?.version}</Fact>
        {build.data?.node === undefined ? null : <Fact name={t.node}>{build.data.node}</Fact>}
        {build.data?.postgres === undefined ? null : (
          <Fact name={t.postgres}>{build.data.postgres}</Fact>
        )}
        <Fact name={t.currency}>{revenue?.currency}</Fact>
        {Object.entries(data?.checks ?? {}).map(([check, state]) => (
          <Fact key={check} name={nameOf(check)}>
            {stateOf(check, state)}
          </Fact>
        ))}
      </dl>
      <Links hasMetrics={build.data?.hasMetrics ?? false} />
    </section>
  );
};
