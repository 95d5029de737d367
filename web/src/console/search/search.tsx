import { Kbd, UnstyledButton } from '@mantine/core';
import { useHotkeys } from '@mantine/hooks';
import { IconSearch } from '@tabler/icons-react';
import { useState } from 'react';
import { useMessages } from '../../i18n/locale.tsx';
import { defineMessages } from '../../i18n/messages.ts';
import { lazyPart } from '../../parts/lazy-part.tsx';
import classes from './search.module.css';

const messages = defineMessages({ en: { search: 'Search' }, ko: { search: '찾기' } });

// Loaded when it is opened for the first time.
const SearchDialog = lazyPart(() => import('./dialog.tsx'));

const isApple = (): boolean => /Mac|iPhone|iPad/.test(navigator.userAgent);

/** The button of the search; `/` and ⌘K or Ctrl K open it from everywhere. */
export const Search = ({ userId }: { readonly userId: string }) => {
  const t = useMessages(messages);
  const [state, setState] = useState<'never' | 'open' | 'closed'>('never');
  const open = (): void => {
    // The keys belong to a dialog that is open, such as the question before a refund.
    if (document.querySelector('[aria-modal="true"]') === null) setState('open');
  };
  useHotkeys([['/', open]]);
  useHotkeys([['mod+K', open]], []);
  return (
    <>
      <UnstyledButton
        className={classes.button}
        onClick={open}
        aria-label={t.search}
        aria-keyshortcuts="/ Control+K Meta+K"
        aria-haspopup="dialog"
      >
        <IconSearch size={18} aria-hidden />
        <span className={classes.word}>{t.search}</span>
        <Kbd size="xs" className={classes.key} aria-hidden>
          {isApple() ? '⌘K' : 'Ctrl K'}
        </Kbd>
      </UnstyledButton>
      {state === 'never' ? null : (
        <SearchDialog
          opened={state === 'open'}
          userId={userId}
          onClose={() => setState('closed')}
        />
      )}
    </>
  );
};
