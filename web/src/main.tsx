import './styles/mantine.css';
import 'pretendard/dist/web/variable/pretendardvariable-dynamic-subset.css';
import './styles/page.css';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { LiveProvider } from './api/live.tsx';
import { prepareFirstPage } from './api/first-page.ts';
import { sessionQuery } from './api/session.ts';
import { LocaleProvider } from './i18n/locale.tsx';
import { removeFailedStyles } from './parts/missing-file.ts';
import { createPages } from './routes.tsx';

/** Reads of the session after the first one, and the pause before the first of them. */
const SESSION_RETRIES = 3;
const SESSION_PAUSE_MS = 500;

const client = new QueryClient({
  defaultOptions: {
    queries: {
      // The client sends again by itself what is worth it.
      retry: false,
      staleTime: 5_000,
    },
  },
});
// Every page waits for it, and without it there is none: it is worth seconds of waiting.
client.setQueryDefaults(sessionQuery.queryKey, {
  retry: SESSION_RETRIES,
  retryDelay: (failures) => SESSION_PAUSE_MS * 2 ** failures,
});
const router = createPages(client);
removeFailedStyles();
const root = document.querySelector('#root');
if (root === null) throw new Error('index.html has no #root');

const show = () =>
  createRoot(root).render(
    <StrictMode>
      <LocaleProvider>
        <QueryClientProvider client={client}>
          <LiveProvider>
            <RouterProvider router={router} />
          </LiveProvider>
        </QueryClientProvider>
      </LocaleProvider>
    </StrictMode>,
  );
void prepareFirstPage(client).then(show);
