import './styles/mantine.css';
import 'pretendard/dist/web/variable/pretendardvariable-dynamic-subset.css';
import './styles/page.css';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { LiveProvider } from './api/live.tsx';
import { prepareFirstPage } from './api/first-page.ts';
import { createQueryClient } from './api/query-client.ts';
import { LocaleProvider } from './i18n/locale.tsx';
import { removeFailedStyles } from './parts/missing-file.ts';
import { createPages } from './routes.tsx';

const client = createQueryClient();
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
