import type { CheckResult, Progress, Verdict, Violation } from '../../verify/index.ts';

/** What a run was asked for, to repeat it. */
export interface Plan {
  readonly minutes: number;
  readonly processes: number;
  readonly seed: number;
}

const number = (value: number): string => Math.round(value).toLocaleString('en');

const counted = (value: number, one: string, many = `${one}s`): string =>
  `${number(value)} ${value === 1 ? one : many}`;

const clock = (seconds: number): string => {
  const whole = Math.floor(seconds);
  const parts = [Math.floor(whole / 3_600), Math.floor(whole / 60) % 60, whole % 60];
  return parts
    .slice(parts[0] === 0 ? 1 : 0)
    .map((part) => String(part).padStart(2, '0'))
    .join(':');
};

/** What is about to run, and where. */
export const renderStart = (place: string, { minutes, processes, seed }: Plan): string =>
  `Verifying in ${place}: ${counted(processes, 'service process', 'service processes')}, ` +
  `${minutes === 1 ? '1 minute' : `${minutes} minutes`} under load, seed ${seed}`;

/** The operations of each second under load. */
export const throughputOf = ({ operations, seconds }: Progress): number =>
  seconds === 0 ? 0 : operations / seconds;

/** One line of figures. */
export const renderProgress = (progress: Progress): string => {
  const { seconds, orders, kills, cuts, lost, violations } = progress;
  return [
    clock(seconds),
    `${number(throughputOf(progress)).padStart(6)} operations/s`,
    counted(orders, 'order').padStart(15),
    counted(kills, 'kill').padStart(9),
    counted(cuts, 'cut').padStart(9),
    counted(lost, 'lost answer').padStart(17),
    counted(violations, 'violation').padStart(13),
  ].join('  ');
};

/** A violation in two lines. */
export const renderViolation = ({ check, subject, expected, found, keys }: Violation): string =>
  [
    `${check}  BROKEN  ${subject}`,
    `    expected ${expected}, found ${found}${keys === undefined ? '' : `; key ${keys.join(', ')}`}`,
  ].join('\n');

const renderCheck = ({ check, rule, times, violations }: CheckResult): string => {
  const verdict = violations.length === 0 ? 'ok' : 'BROKEN';
  const made = `${number(times).padStart(9)} ×`;
  const head = `${check.padEnd(10)}  ${verdict.padEnd(6)}  ${made}  ${rule}`;
  const details = violations.flatMap(({ subject, expected, found, keys }) => [
    `    ${subject}`,
    `      expected ${expected}`,
    `      found    ${found}`,
    ...(keys === undefined ? [] : [`      key      ${keys.join(', ')}`]),
  ]);
  return [head, ...details].join('\n');
};

/** The command that makes the same choices again. */
const renderCommand = ({ minutes, processes, seed }: Plan): string =>
  `npm run verify -- --minutes ${minutes} --processes ${processes} --seed ${seed}`;

/** The whole verdict: each check with its count, the figures, and how to repeat the run. */
export const renderVerdict = ({ holds, figures, checks, serverVersion }: Verdict, plan: Plan) => {
  const { operations, requests, orders, seconds, refused, kills, cuts, lost, violations } = figures;
  return [
    ...checks.map(renderCheck),
    '',
    `${counted(operations, 'operation')} in ${clock(seconds)}, ` +
      `${number(throughputOf(figures))}/s: ${counted(orders, 'order')}, ${number(refused)} refused, ` +
      `${counted(requests, 'request')}, ${number(lost)} without an answer`,
    `${counted(kills, 'service process', 'service processes')} killed, ` +
      `${counted(cuts, 'connection')} to PostgreSQL ${serverVersion} cut`,
    `The same choices again: ${renderCommand(plan)}`,
    '',
    holds ? 'Nothing found.' : `${counted(violations, 'violation')} found.`,
  ].join('\n');
};
