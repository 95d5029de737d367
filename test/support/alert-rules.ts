import { parse } from 'yaml';
import { readText } from './repository.ts';

export const RULES = 'ops/prometheus/moa.rules.yaml';

interface RecordingRule {
  readonly record: string;
  readonly expr: string;
}

export interface AlertingRule {
  readonly alert: string;
  readonly expr: string;
  readonly for: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

interface RulesFile {
  readonly groups: readonly { readonly rules: readonly (RecordingRule | AlertingRule)[] }[];
}

const readRules = async () =>
  (parse(await readText(RULES)) as RulesFile).groups.flatMap(({ rules }) => rules);

/** The alerts of the repository, in the order of their file. */
export const readAlerts = async (): Promise<readonly AlertingRule[]> =>
  (await readRules()).filter((rule) => 'alert' in rule);

/** The series that the rules record for other rules. */
export const readRecordings = async (): Promise<readonly RecordingRule[]> =>
  (await readRules()).filter((rule) => 'record' in rule);
