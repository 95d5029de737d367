import { Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { useFormat } from '../../i18n/format.ts';
import { useMessages } from '../../i18n/locale.tsx';
import { usePageTitle } from '../../parts/page-title.ts';
import { ProblemNotice, problemIn } from '../../parts/problem-notice.tsx';
import { useCheckWords } from '../parts/check-words.ts';
import { auditQuery } from '../proof/queries.ts';
import { auditTroubleOf } from '../proof/rules.ts';
import { Chart } from './chart.tsx';
import chartClasses from './chart.module.css';
import { Figures } from './figures.tsx';
import { todayMessages } from './messages.ts';
import { MinuteTable } from './minute-table.tsx';
import classes from './page.module.css';
import {
  destinationStatesQuery,
  historyQuery,
  readinessQuery,
  revenueQuery,
  soldOutQuery,
} from './queries.ts';
import { minutePoints } from './samples.ts';
import { findTroubles, type Trouble } from './troubles.ts';
import { Troubles } from './troubles.tsx';
import { useIsAfter, useOperations, useSamples } from './use-samples.ts';

/** The first figures arrive within two seconds. */
const LATE_MS = 10_000;

/** What is wrong as far as everything was read; undefined before. */
const useTroubles = (): readonly Trouble[] | undefined => {
  const operations = useOperations();
  const samples = useSamples();
  const isLate = useIsAfter(LATE_MS);
  const { data: destinations } = useQuery(destinationStatesQuery);
  const { data: soldOut } = useQuery(soldOutQuery);
  const { data: readiness } = useQuery(readinessQuery);
  const { data: audit, dataUpdatedAt: auditReadAt } = useQuery(auditQuery);
  const { nameOf, stateOf } = useCheckWords();
  const isRead = destinations !== undefined && soldOut !== undefined;
  if ((!isRead || operations === undefined) && !isLate) return undefined;
  const failedChecks =
    readiness === undefined || readiness.ready
      ? []
      : Object.entries(readiness.checks).map(
          ([check, state]) => `${nameOf(check)} ${stateOf(check, state)}`,
        );
  return findTroubles({
    operations,
    samples,
    isLate,
    audit: audit && auditTroubleOf(audit, auditReadAt),
    isRead,
    failedChecks,
    destinations: destinations ?? [],
    soldOut: soldOut ?? [],
  });
};

const About = () => {
  const t = useMessages(todayMessages);
  const format = useFormat();
  const samples = useSamples();
  const { data: history } = useQuery(historyQuery);
  const [first] = samples;
  return (
    <p className={chartClasses.about}>
      {history === undefined ? null : t.ordersSince(format.clock(history.since))}{' '}
      {first === undefined ? t.notYet : t.liveSince(format.clock(first.at))} {t.ofProcess} {t.lines}
    </p>
  );
};

/** The state of the shop at a glance: what is wrong, six figures, the last hour. */
export const TodayPage = () => {
  const t = useMessages(todayMessages);
  usePageTitle(t.title);
  const operations = useOperations();
  const samples = useSamples();
  const troubles = useTroubles();
  const { data: history } = useQuery(historyQuery);
  const { error, refetch } = useQuery(revenueQuery);
  const [openedAt] = useState(() => Date.now());
  const points = useMemo(
    () => minutePoints(samples, history, samples.at(-1)?.at ?? openedAt),
    [samples, history, openedAt],
  );
  return (
    <div className={classes.page}>
      <Title>{t.title}</Title>
      <Troubles troubles={troubles} />
      {error === null ? null : (
        <ProblemNotice problem={problemIn(error)} onRetry={() => void refetch()} />
      )}
      <Figures operations={operations} points={points} />
      <div>
        <Chart points={points} />
        <About />
        <MinuteTable points={points} />
      </div>
    </div>
  );
};
