import { MoaFault } from '@moa-commerce/client';
import { Alert, Button, Code, Group, Stack, Text } from '@mantine/core';
import { IconAlertCircle } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { ProblemError } from '../api/moa.ts';
import { useMessages } from '../i18n/locale.tsx';
import { defineMessages } from '../i18n/messages.ts';
import { MissingFileError } from './missing-file.ts';
import { problemMessages } from './problem-messages.ts';
import { SignInAgain } from './sign-in-again.tsx';

/** A problem as the pages need it: its code, and where it can be looked up. */
export interface ShownProblem {
  readonly code: string;
  readonly detail?: string;
  readonly traceId?: string;
}

/** What to show for anything that a query or a command threw. */
export const problemIn = (error: unknown): ShownProblem => {
  if (error instanceof ProblemError) return error.problem;
  if (error instanceof MoaFault && error.reason === 'no_connection')
    return { code: 'no_connection' };
  const isLost = error instanceof TypeError || error instanceof MissingFileError;
  return { code: isLost ? 'no_connection' : 'unknown' };
};

/** Says what a problem means, in the current language. */
export const useProblemText = (): ((problem: { readonly code: string }) => string) => {
  const texts: Readonly<Record<string, string>> = useMessages(problemMessages);
  return ({ code }) => texts[code] ?? texts['unknown'] ?? code;
};

const messages = defineMessages({
  en: { retry: 'Try again', details: 'Details', trace: 'Trace' },
  ko: { retry: '다시 하기', details: '자세히', trace: '추적 번호' },
});

interface ProblemNoticeProps {
  readonly problem: ShownProblem;
  /** The one next step; without it, nothing or `onRetry`. */
  readonly action?: ReactNode;
  readonly onRetry?: () => void;
}

/** What happened and the next step; code and trace id are one click away. */
export const ProblemNotice = ({ problem, action, onRetry }: ProblemNoticeProps) => {
  const t = useMessages(messages);
  const text = useProblemText();
  const step = problem.code === 'unauthenticated' ? <SignInAgain /> : action;
  return (
    <Alert
      role="alert"
      variant="outline"
      color="var(--moa-bad)"
      icon={<IconAlertCircle size={20} aria-hidden />}
      styles={{ root: { background: 'var(--moa-surface)' } }}
    >
      <Stack gap="xs" align="flex-start">
        <Text size="sm">{text(problem)}</Text>
        {step || onRetry ? (
          <Group gap="sm">
            {step}
            {onRetry === undefined ? null : (
              <Button size="xs" variant="default" onClick={onRetry}>
                {t.retry}
              </Button>
            )}
          </Group>
        ) : null}
        <details>
          <Text component="summary" size="xs" c="dimmed">
            {t.details}
          </Text>
          <Stack gap={4} mt={4} align="flex-start">
            <Code>{problem.code}</Code>
            {problem.detail === undefined ? null : <Text size="xs">{problem.detail}</Text>}
            {problem.traceId === undefined ? null : (
              <Text size="xs" c="dimmed">
                {t.trace} {problem.traceId}
              </Text>
            )}
          </Stack>
        </details>
      </Stack>
    </Alert>
  );
};
