export type { Manifest } from './manifest.ts';
export { restoreBackup, type RestoreOptions } from './restore.ts';
export { UnusableBackup } from './unusable.ts';
export { writeBackup, type BackupOptions } from './write.ts';
