import { access, constants } from 'node:fs/promises';
import { delimiter, join } from 'node:path';

const isProgram = (path: string): Promise<boolean> =>
  access(path, constants.X_OK).then(
    () => true,
    () => false,
  );

/** The path of the first of some programs that the machine has, in the PATH or the folders. */
export const findProgram = async (
  names: readonly string[],
  folders: readonly string[] = [],
): Promise<string | undefined> => {
  const places = [...(process.env['PATH'] ?? '').split(delimiter), ...folders];
  for (const path of names.flatMap((name) => places.map((place) => join(place, name)))) {
    if (await isProgram(path)) return path;
  }
  return undefined;
};
