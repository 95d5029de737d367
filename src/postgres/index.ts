export { DirectoryInUse } from './directory-lock.ts';
export { findEmbedded, startEmbedded, type EmbeddedDatabase } from './embedded.ts';
export { findPostmaster } from './postmaster.ts';
