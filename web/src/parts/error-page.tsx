import { Center, Loader, Stack, Title } from '@mantine/core';
import { useRouter, useRouterState, type ErrorComponentProps } from '@tanstack/react-router';
import { useMessages } from '../i18n/locale.tsx';
import { defineMessages } from '../i18n/messages.ts';
import { LinkButton } from './link.tsx';
import { useReload } from './missing-file.ts';
import { usePageTitle } from './page-title.ts';
import { ProblemNotice, problemIn } from './problem-notice.tsx';

const messages = defineMessages({
  en: { title: 'The page could not be opened', home: 'To the shop' },
  ko: { title: '페이지를 열지 못했어요', home: '가게로 가기' },
});

/** In the place of a page that could not be loaded or shown. */
export const ErrorPage = ({ error, reset }: ErrorComponentProps) => {
  const t = useMessages(messages);
  const router = useRouter();
  const isTrying = useRouterState({ select: ({ isLoading }) => isLoading });
  usePageTitle(t.title);
  useReload(error);
  const retry = async (): Promise<void> => {
    await router.invalidate();
    reset();
  };
  return (
    <Center mih="60dvh" p="md">
      {isTrying ? (
        <Loader />
      ) : (
        <Stack maw={480}>
          <Title>{t.title}</Title>
          <ProblemNotice
            problem={problemIn(error)}
            onRetry={() => void retry()}
            action={
              <LinkButton to="/" size="xs" variant="default">
                {t.home}
              </LinkButton>
            }
          />
        </Stack>
      )}
    </Center>
  );
};
