const BAR_WIDTH = 30;

/**
 * Shows progress on standard error: a bar on a terminal, else a line for every tenth.
 */
export const createProgress = (total: number, stream: NodeJS.WriteStream = process.stderr) => {
  let shown = -1;
  return (done: number): void => {
    const steps = stream.isTTY ? 100 : 10;
    const step = Math.floor((done / total) * steps);
    if (step === shown) return;
    shown = step;
    const percent = `${String((step * 100) / steps).padStart(3)} %`;
    if (!stream.isTTY) {
      stream.write(`${percent}\n`);
      return;
    }
    const full = Math.round((step / steps) * BAR_WIDTH);
    const bar = '█'.repeat(full) + '░'.repeat(BAR_WIDTH - full);
    stream.write(`\r${bar} ${percent}${step === steps ? '\n' : ''}`);
  };
};

/** A bar on a terminal, and nothing elsewhere, where the command's own lines are enough. */
export const createBar = (total: number): ((done: number) => void) =>
  process.stderr.isTTY ? createProgress(total) : () => undefined;
