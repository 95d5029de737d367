import module from 'node:module';

// Loaded before TypeScript, which an older Node.js cannot even read.
const NEEDED = 24;

if (Number(process.versions.node.split('.', 1)[0]) < NEEDED) {
  process.stderr.write(
    `Moa needs Node.js ${NEEDED} or newer; this is ${process.versions.node} (${process.execPath}). ` +
      'Install it, or run `npm ci` without `--omit=optional`, which brings one.\n',
  );
  process.exit(1);
}

// Later starts find here what this one compiles, which saves a third of a start. Where the folder
// cannot be written, nothing is kept. An older Node.js has no such export to import by name.
module.enableCompileCache(new URL('../node_modules/.cache/node', import.meta.url).pathname);
