import { useEffect } from 'react';
import { inTab } from '../api/storage.ts';

/** A file of the pages cannot be loaded: the network is gone, or a new version has other files. */
export class MissingFileError extends Error {
  constructor(cause: unknown) {
    super('a file of the pages is missing', { cause });
    this.name = 'MissingFileError';
  }
}

/** Loads a part of the pages; throws a `MissingFileError`. */
export const loadFiles = async <Files>(load: () => Promise<Files>): Promise<Files> => {
  try {
    return await load();
  } catch (cause) {
    throw new MissingFileError(cause);
  }
};

/** Lets a style sheet that failed be loaded again: Vite takes its element for a loaded one. */
export const removeFailedStyles = (): void =>
  addEventListener(
    'error',
    ({ target }) => {
      if (target instanceof HTMLLinkElement) target.remove();
    },
    // Errors of files do not bubble.
    true,
  );

const RELOADED_AT = 'moa:reloaded-at';
/** A file that is missing after a reload too does not reload the page again and again. */
const RELOAD_EVERY_MS = 60_000;

/** Loads the page anew if the service answers; without a network, the open page is better. */
const reloadPage = async (): Promise<void> => {
  const reloadedAt = Number(inTab.getItem(RELOADED_AT));
  if (Date.now() - reloadedAt < RELOAD_EVERY_MS) return;
  const answer = await fetch('/healthz', { cache: 'no-store' }).catch(() => undefined);
  if (answer?.ok !== true) return;
  // Where this is not kept, the page would reload again and again.
  if (inTab.setItem(RELOADED_AT, String(Date.now()))) location.reload();
};

/** Reloads the page when a part of it has no file; a new version has another one. */
export const useReload = (error: unknown): void => {
  const isMissing = error instanceof MissingFileError;
  useEffect(() => {
    if (isMissing) void reloadPage();
  }, [isMissing]);
};
