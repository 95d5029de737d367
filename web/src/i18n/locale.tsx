import { createContext, use, useCallback, useMemo, useState, type ReactNode } from 'react';
import { inBrowser } from '../api/storage.ts';
import { LOCALES, type Locale, type Translated } from './messages.ts';

const KEPT = 'moa:locale';

interface LocaleState {
  readonly locale: Locale;
  readonly setLocale: (locale: Locale) => void;
}

const LocaleContext = createContext<LocaleState>({ locale: 'en', setLocale: () => undefined });

/** The script before the first paint chose it: what was kept, or the browser's language. */
const firstLocale = (): Locale =>
  LOCALES.find((each) => each === document.documentElement.lang) ?? 'en';

/** Gives the pages their language, which the visitor can change. */
export const LocaleProvider = ({ children }: { readonly children: ReactNode }) => {
  const [locale, setState] = useState(firstLocale);
  const setLocale = useCallback((next: Locale) => {
    document.documentElement.lang = next;
    inBrowser.setItem(KEPT, next);
    setState(next);
  }, []);
  const state = useMemo(() => ({ locale, setLocale }), [locale, setLocale]);
  return <LocaleContext value={state}>{children}</LocaleContext>;
};

/** The current language and the function that changes it. */
export const useLocale = (): LocaleState => use(LocaleContext);

/** The messages of a page in the current language. */
export const useMessages = <M,>(messages: Translated<M>): M => messages[useLocale().locale] as M;
