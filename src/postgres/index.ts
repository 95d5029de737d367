export { notAsRoot } from './binaries.ts';
export { DirectoryInUse } from './directory-lock.ts';
export { findEmbedded, startEmbedded, type EmbeddedDatabase } from './embedded.ts';
export { freePort } from './free-port.ts';
export { findPostmaster } from './postmaster.ts';
