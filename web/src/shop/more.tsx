import { Button, Center, Loader } from '@mantine/core';
import { useEffect, useRef } from 'react';
import { useMessages } from '../i18n/locale.tsx';
import { defineMessages } from '../i18n/messages.ts';
import { ProblemNotice, problemIn } from '../parts/problem-notice.tsx';

const messages = defineMessages({
  en: { more: 'Show more' },
  ko: { more: '더 보기' },
});

/** The next page is read this far before its place is seen. */
const AHEAD = '400px';

interface MoreProps {
  readonly list: {
    readonly hasNextPage: boolean;
    readonly isFetching: boolean;
    readonly isFetchingNextPage: boolean;
    readonly isFetchNextPageError: boolean;
    readonly error: Error | null;
    readonly fetchNextPage: () => unknown;
  };
}

/** The end of a list: reads its next page when it comes near, or by the button. */
export const More = ({ list }: MoreProps) => {
  const t = useMessages(messages);
  const place = useRef<HTMLDivElement>(null);
  const { hasNextPage, isFetching, isFetchingNextPage, isFetchNextPageError } = list;
  const { error, fetchNextPage } = list;
  const isWaiting = hasNextPage && !isFetching && !isFetchNextPageError;
  const press = (): void => {
    // The next page would end a read of the pages before it; after that, it is read by itself.
    if (!isFetching) fetchNextPage();
  };
  useEffect(() => {
    if (!isWaiting || place.current === null) return undefined;
    const observer = new IntersectionObserver(
      (entries) => {
        if (entries.some(({ isIntersecting }) => isIntersecting)) fetchNextPage();
      },
      { rootMargin: AHEAD },
    );
    observer.observe(place.current);
    return () => observer.disconnect();
  }, [isWaiting, fetchNextPage]);
  if (!hasNextPage) return null;
  if (isFetchNextPageError)
    return <ProblemNotice problem={problemIn(error)} onRetry={() => void fetchNextPage()} />;
  return (
    <Center ref={place} mih={56}>
      {/* It is not disabled meanwhile: the keyboard would lose its place. */}
      <Button
        variant="default"
        size="sm"
        aria-label={t.more}
        aria-busy={isFetchingNextPage}
        onClick={press}
      >
        {isFetchingNextPage ? <Loader size="sm" /> : t.more}
      </Button>
    </Center>
  );
};
