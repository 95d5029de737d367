import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { findPrograms } from './find-programs.ts';

test('the newest PostgreSQL is used, and a missing program is named with its package', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'moa-programs-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  for (const version of ['9', '15', '18']) {
    await mkdir(join(folder, version), { recursive: true });
    await writeFile(join(folder, version, 'pg_basebackup'), '');
  }
  for (const name of ['patroni', 'etcd']) await writeFile(join(folder, name), '');
  const find = () => findPrograms([folder], join(folder, '*'));
  await expect(find()).rejects.toThrow(
    'The lab needs haproxy. On Debian: apt-get install --no-install-recommends patroni etcd-server',
  );
  await writeFile(join(folder, 'haproxy'), '');
  expect(await find()).toEqual({
    patroni: join(folder, 'patroni'),
    etcd: join(folder, 'etcd'),
    haproxy: join(folder, 'haproxy'),
    postgresFolder: join(folder, '18'),
  });
});
