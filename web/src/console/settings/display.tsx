import {
  Input,
  SegmentedControl,
  Stack,
  Title,
  useMantineColorScheme,
  type MantineColorScheme,
} from '@mantine/core';
import { useLocale, useMessages } from '../../i18n/locale.tsx';
import { defineMessages, LOCALES, type Locale } from '../../i18n/messages.ts';
import classes from './settings.module.css';

const messages = defineMessages({
  en: {
    display: 'Display',
    language: 'Language',
    scheme: 'Colours',
    light: 'Light',
    dark: 'Dark',
    auto: 'As the system',
  },
  ko: {
    display: '화면',
    language: '언어',
    scheme: '색',
    light: '밝게',
    dark: '어둡게',
    auto: '시스템 설정',
  },
});

/** Each language in its own words. */
const LANGUAGES: Record<Locale, string> = { ko: '한국어', en: 'English' };
const SCHEMES: readonly MantineColorScheme[] = ['light', 'dark', 'auto'];

/** Language and colours, kept in this browser. */
export const Display = () => {
  const t = useMessages(messages);
  const { locale, setLocale } = useLocale();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <section className={classes.section} aria-label={t.display}>
      <Title order={2} mb="md">
        {t.display}
      </Title>
      <Stack align="flex-start">
        <Input.Wrapper label={t.language} labelElement="div">
          <div>
            <SegmentedControl
              aria-label={t.language}
              data={LOCALES.map((value) => ({ value, label: LANGUAGES[value] }))}
              value={locale}
              onChange={setLocale}
            />
          </div>
        </Input.Wrapper>
        <Input.Wrapper label={t.scheme} labelElement="div">
          <div>
            <SegmentedControl
              aria-label={t.scheme}
              data={SCHEMES.map((value) => ({ value, label: t[value] }))}
              value={colorScheme}
              onChange={setColorScheme}
            />
          </div>
        </Input.Wrapper>
      </Stack>
    </section>
  );
};
