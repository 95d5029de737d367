import { Alert, Button, Group, Skeleton, Text, Title } from '@mantine/core';
import { IconAlertTriangle, IconPlayerPlay } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useFormat } from '../../i18n/format.ts';
import { useMessages } from '../../i18n/locale.tsx';
import { usePageTitle } from '../../parts/page-title.ts';
import { ProblemNotice, problemIn } from '../../parts/problem-notice.tsx';
import { LogSection } from './log-section.tsx';
import { proofMessages } from './messages.ts';
import classes from './proof.module.css';
import { auditQuery, runAudit } from './queries.ts';
import { freshnessOf, type Audit } from './rules.ts';
import { Invariants, Scrubs } from './tables.tsx';
import { Violations } from './violations.tsx';

const SUMMARY = { holds: 'allHold', broken: 'someBroken', unproven: 'noneProven' } as const;

const RunNow = () => {
  const t = useMessages(proofMessages);
  const client = useQueryClient();
  const run = useMutation({ mutationFn: async () => (await runAudit(client)) ?? null });
  const said = run.data === null ? t.noAnswer : run.data && t.ran(t[SUMMARY[run.data.verdict]]);
  return (
    <>
      <Group gap="sm">
        <Button
          variant="default"
          loading={run.isPending}
          leftSection={<IconPlayerPlay size={18} aria-hidden />}
          onClick={() => run.mutate()}
        >
          {t.run}
        </Button>
        <Text component="output" size="sm">
          {run.isPending ? '' : said}
        </Text>
      </Group>
      {run.error === null ? null : (
        <ProblemNotice problem={problemIn(run.error)} onRetry={() => run.mutate()} />
      )}
    </>
  );
};

const AsOf = ({ audit, readAt }: { readonly audit: Audit; readonly readAt: number }) => {
  const t = useMessages(proofMessages);
  const format = useFormat();
  const { provenAt, position, lag } = audit;
  const freshness = freshnessOf(audit, readAt);
  return (
    <>
      {freshness === 'fresh' ? null : (
        <Alert
          variant="outline"
          color="var(--moa-warn)"
          icon={<IconAlertTriangle size={20} aria-hidden />}
        >
          {provenAt === null ? t.never : t.stale(format.exact(provenAt))}
        </Alert>
      )}
      {provenAt === null ? null : (
        <Text size="sm">
          {t.asOf(format.exact(provenAt), format.number(position))}{' '}
          {lag > 0 ? t.lag(format.number(lag), lag === 1) : null}
        </Text>
      )}
    </>
  );
};

/** What the audit has proven, what is violated, and the checkpoint of the log. */
export const ProofPage = () => {
  const t = useMessages(proofMessages);
  usePageTitle(t.title);
  const { data, dataUpdatedAt, error, refetch } = useQuery(auditQuery);
  return (
    <div className={classes.page}>
      <div>
        <Title>{t.title}</Title>
        <Text size="sm" c="dimmed">
          {t.about}
        </Text>
      </div>
      {error === null ? null : (
        <ProblemNotice problem={problemIn(error)} onRetry={() => void refetch()} />
      )}
      {data === undefined && error === null ? <Skeleton height={480} /> : null}
      {data === undefined ? null : (
        <>
          <AsOf audit={data} readAt={dataUpdatedAt} />
          <RunNow />
          {data.violations.length > 0 ? <Violations violations={data.violations} /> : null}
          <Invariants invariants={data.invariants} />
          {data.violations.length > 0 ? null : <Text size="sm">{t.noViolations}</Text>}
          <Scrubs scrubs={data.scrubs} />
        </>
      )}
      <LogSection />
    </div>
  );
};
