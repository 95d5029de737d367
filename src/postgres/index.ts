export { findMajorVersion, notAsRoot } from './binaries.ts';
export { DirectoryInUse, lockDirectory } from './directory-lock.ts';
export {
  findEmbedded,
  findEmbeddedSuperuser,
  startEmbedded,
  type EmbeddedDatabase,
} from './embedded.ts';
export { freePort } from './free-port.ts';
export { findPostmaster } from './postmaster.ts';
