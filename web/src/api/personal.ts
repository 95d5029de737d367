import { useQueryClient, type QueryClient, type QueryKey } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { useSession } from './session.ts';

/** First parts of the keys of what everybody sees, and of the session itself. */
const SHARED = new Set<unknown>([
  'session',
  'sign-in-options',
  'clock',
  'products',
  'product',
  'best-sellers',
]);

/** Whether a query has what only the person who signed in may see, or only staff. */
export const isPersonal = ({ queryKey }: { readonly queryKey: QueryKey }): boolean => {
  const [first, second, third] = queryKey;
  return !SHARED.has(first) || second === 'console' || third === 'movements';
};

/** Forgets what only the person who signed out may see; nothing of it is read again. */
export const forget = (client: QueryClient): void => {
  for (const query of client.getQueryCache().findAll({ predicate: isPersonal })) query.reset();
};

/** Forgets what a person saw as soon as somebody else, or nobody, is signed in. */
export const useForgetting = (): void => {
  const client = useQueryClient();
  const session = useSession();
  const last = useRef<string>(undefined);
  useEffect(() => {
    if (session === undefined) return;
    const isOver = last.current !== undefined && last.current !== session?.id;
    if (isOver && session === null) forget(client);
    else if (isOver) void client.resetQueries({ predicate: isPersonal });
    last.current = session?.id;
  }, [client, session]);
};
