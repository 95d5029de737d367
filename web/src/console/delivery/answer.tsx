import { Code, Text } from '@mantine/core';
import { useMessages } from '../../i18n/locale.tsx';
import { defineMessages } from '../../i18n/messages.ts';
import classes from './delivery.module.css';

const messages = defineMessages({
  en: { body: 'What the receiver answered', empty: 'The answer had no body.' },
  ko: { body: '받는 쪽의 응답', empty: '응답에 내용이 없었어요.' },
});

interface AnswerProps {
  readonly detail: string;
  readonly status: number | null;
  readonly body: string | null;
}

/** Why there was no answer, or the answer: its status and the first KiB of its body. */
export const Answer = ({ detail, status, body }: AnswerProps) => {
  const t = useMessages(messages);
  return (
    <>
      {detail === '' || status !== null ? null : (
        <Text size="xs" dir="ltr">
          {detail}
        </Text>
      )}
      {status === null && body === null ? null : (
        <details>
          <Text component="summary" size="xs" c="dimmed">
            {t.body}
            {status === null ? '' : ` · ${status}`}
          </Text>
          {body === null || body === '' ? (
            <Text size="xs" c="dimmed">
              {t.empty}
            </Text>
          ) : (
            <Code block className={classes.answer} dir="auto">
              {body}
            </Code>
          )}
        </details>
      )}
    </>
  );
};
