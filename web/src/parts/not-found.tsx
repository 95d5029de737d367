import { Center } from '@mantine/core';
import { IconMapOff } from '@tabler/icons-react';
import { useMessages } from '../i18n/locale.tsx';
import { defineMessages } from '../i18n/messages.ts';
import { LinkButton } from './link.tsx';
import { usePageTitle } from './page-title.ts';
import { Empty } from './states.tsx';

const messages = defineMessages({
  en: {
    title: 'There is nothing here',
    text: 'The address may be old or mistyped.',
    home: 'To the shop',
  },
  ko: {
    title: '찾는 페이지가 없어요',
    text: '주소가 바뀌었거나 잘못 입력했을 수 있어요.',
    home: '가게로 가기',
  },
});

/** For addresses that no page has. */
export const NotFoundPage = () => {
  const t = useMessages(messages);
  usePageTitle(t.title);
  return (
    <Center component="main" mih="80dvh">
      <Empty
        icon={<IconMapOff size={48} stroke={1.2} />}
        title={t.title}
        text={t.text}
        action={<LinkButton to="/">{t.home}</LinkButton>}
      />
    </Center>
  );
};
