// Loaded before TypeScript, which an older Node.js cannot even read.
const NEEDED = 24;

if (Number(process.versions.node.split('.', 1)[0]) < NEEDED) {
  process.stderr.write(
    `Moa needs Node.js ${NEEDED} or newer; this is ${process.versions.node} (${process.execPath}). ` +
      'Install it, or run `npm ci` without `--omit=optional`, which brings one.\n',
  );
  process.exit(1);
}
