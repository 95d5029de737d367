import { checkInvariants, type Finding } from '../audit/audit.ts';
import { withSharedSnapshot } from '../audit/snapshot.ts';
import { peakMemory, seconds } from './figures.ts';
import { createBar } from './progress.ts';

const print = ({ invariant, rule, violations, tookMs }: Finding): void => {
  const verdict = violations.length === 0 ? 'ok' : 'BROKEN';
  console.log(`${invariant}  ${verdict.padEnd(6)}  ${seconds(tookMs).padStart(7)}  ${rule}`);
  for (const violation of violations) console.log(`    ${violation}`);
};

/**
 * Checks every invariant in one snapshot of a database and prints what was found. Sets exit code 1
 * and returns false if an invariant is violated.
 */
export const auditAll = async (url: string, json = false): Promise<boolean> => {
  const started = performance.now();
  let findings: readonly Finding[] = [];
  await withSharedSnapshot(url, async (first, second) => {
    const report = json ? () => undefined : print;
    findings = await checkInvariants(first, report, { second, onProgress: createBar(1) });
  });
  const broken = findings.filter(({ violations }) => violations.length > 0);
  const tookMs = performance.now() - started;
  if (json) console.log(JSON.stringify({ holds: broken.length === 0, tookMs, findings }));
  else {
    console.log(
      `${broken.length === 0 ? 'All hold' : `${broken.length} of ${findings.length} are broken`}, ` +
        `checked in ${seconds(tookMs)}; peak memory ${peakMemory()}`,
    );
  }
  if (broken.length > 0) process.exitCode = 1;
  return broken.length === 0;
};
