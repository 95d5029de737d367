import react from '@vitejs/plugin-react';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

/** Where `npm run dev` finds the service. */
const SERVICE = process.env['MOA_DEV_SERVICE'] ?? 'http://127.0.0.1:3000';

/** What the service answers itself; everything else is a page. */
const SERVED = [
  '/v1',
  '/auth',
  '/docs',
  '/openapi.json',
  '/problems',
  '/schemas',
  '/healthz',
  '/readyz',
  '/metrics',
];

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react()],
  resolve: {
    alias: {
      '@moa-commerce/client': fileURLToPath(
        new URL('../clients/typescript/src/index.ts', import.meta.url),
      ),
    },
  },
  // The service writes a nonce of its own into each page; see src/http/web-pages.ts.
  html: { cspNonce: 'CSP_NONCE' },
  build: {
    target: 'es2022',
    // Inlined files would need `data:` in the policy of the pages.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // What the first page needs is one file: it compresses better than parts that pages share.
    rolldownOptions: {
      output: { codeSplitting: { groups: [{ name: 'main', test: /\/src\/main\.tsx$/ }] } },
    },
  },
  server: { proxy: Object.fromEntries(SERVED.map((path) => [path, { target: SERVICE }])) },
});
