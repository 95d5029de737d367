import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createServer } from 'vite';

/** The service, started again when its code changes, and the pages with hot reload. */

const ROOT = new URL('..', import.meta.url).pathname;
const service = spawn(process.execPath, ['--watch', join(ROOT, 'src/main.ts')], {
  stdio: 'inherit',
});
const pages = await createServer({
  root: join(ROOT, 'web'),
  configFile: join(ROOT, 'web/vite.config.ts'),
});
await pages.listen();
pages.printUrls();

service.on('exit', (code) => {
  void pages.close().then(() => process.exit(code ?? 0));
});
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => service.kill(signal));
}
