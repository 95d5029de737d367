import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';
import { UsageError } from '../command.ts';
import type { Plan } from './report.ts';

export interface Options extends Plan {
  readonly keep: boolean;
  readonly json: boolean;
}

const MINUTES = { min: 0.1, max: 1_440 };
const PROCESSES = { min: 1, max: 16 };
const SEED_MAX = 2 ** 32 - 1;

const WHOLE = /^\d+$/;
const DECIMAL = /^\d+(?:\.\d+)?$/;

const numberOf = (
  name: string,
  text: string,
  { min, max }: { readonly min: number; readonly max: number },
  form: RegExp,
): number => {
  const value = Number(text);
  if (form.test(text) && value >= min && value <= max) return value;
  const kind = form === WHOLE ? 'a whole number' : 'a number';
  throw new UsageError(`--${name} must be ${kind} from ${min} to ${max}`);
};

/** Reads the options of a run; undefined for `--help`. Throws for unknown and invalid ones. */
export const readArguments = (args: readonly string[]): Options | undefined => {
  const { values } = parseArgs({
    args: [...args],
    options: {
      minutes: { type: 'string', default: '1' },
      processes: { type: 'string', default: '2' },
      seed: { type: 'string', default: String(randomInt(SEED_MAX)) },
      keep: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return undefined;
  return {
    minutes: numberOf('minutes', values.minutes, MINUTES, DECIMAL),
    processes: numberOf('processes', values.processes, PROCESSES, WHOLE),
    seed: numberOf('seed', values.seed, { min: 0, max: SEED_MAX }, WHOLE),
    keep: values.keep,
    json: values.json,
  };
};
