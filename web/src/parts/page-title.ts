import { useEffect } from 'react';

/** Names the page in the tab and in the history: what it shows, then the shop. */
export const usePageTitle = (title?: string): void => {
  useEffect(() => {
    document.title = title === undefined || title === '' ? 'Moa' : `${title} · Moa`;
  }, [title]);
};
