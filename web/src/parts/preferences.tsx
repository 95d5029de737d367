import { ActionIcon, useComputedColorScheme, useMantineColorScheme } from '@mantine/core';
import { IconLanguage, IconMoon, IconSun } from '@tabler/icons-react';
import { useLocale, useMessages } from '../i18n/locale.tsx';
import { defineMessages } from '../i18n/messages.ts';

const messages = defineMessages({
  en: { dark: 'Dark colours', light: 'Light colours', language: '한국어로 보기' },
  ko: { dark: '어두운 화면', light: '밝은 화면', language: 'View in English' },
});

/** Switches between the light and the dark scheme. */
export const SchemeSwitch = () => {
  const t = useMessages(messages);
  const { setColorScheme } = useMantineColorScheme();
  const isDark = useComputedColorScheme('light') === 'dark';
  const label = isDark ? t.light : t.dark;
  return (
    <ActionIcon
      variant="subtle"
      color="gray"
      size="lg"
      aria-label={label}
      title={label}
      onClick={() => setColorScheme(isDark ? 'light' : 'dark')}
    >
      {isDark ? <IconSun size={20} aria-hidden /> : <IconMoon size={20} aria-hidden />}
    </ActionIcon>
  );
};

/** Switches between Korean and English. */
export const LanguageSwitch = () => {
  const t = useMessages(messages);
  const { locale, setLocale } = useLocale();
  return (
    <ActionIcon
      variant="subtle"
      color="gray"
      size="lg"
      aria-label={t.language}
      title={t.language}
      lang={locale === 'ko' ? 'en' : 'ko'}
      onClick={() => setLocale(locale === 'ko' ? 'en' : 'ko')}
    >
      <IconLanguage size={20} aria-hidden />
    </ActionIcon>
  );
};
