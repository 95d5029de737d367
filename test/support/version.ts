import { cp, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryDirectory } from './service.ts';

const REPOSITORY = new URL('../../', import.meta.url).pathname;

/** A version of Moa in a folder of its own. */
export interface InstalledVersion {
  /** The path of its `main.ts`. */
  readonly main: string;
  /** Adds migrations, SQL by file name, which the next start finds. */
  readonly add: (migrations: Readonly<Record<string, string>>) => Promise<void>;
}

/** Installs this code and its migrations into a folder of their own, as a later version. */
export const installVersion = async (): Promise<InstalledVersion> => {
  const folder = await temporaryDirectory();
  const filter = (path: string): boolean => !path.endsWith('.test.ts');
  for (const part of ['src', 'db/migrations', 'package.json']) {
    await cp(join(REPOSITORY, part), join(folder, part), { recursive: true, filter });
  }
  await symlink(join(REPOSITORY, 'node_modules'), join(folder, 'node_modules'));
  return {
    main: join(folder, 'src/main.ts'),
    add: async (migrations) => {
      for (const [name, sql] of Object.entries(migrations)) {
        await writeFile(join(folder, 'db/migrations', name), sql);
      }
    },
  };
};
