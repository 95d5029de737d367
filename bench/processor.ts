import { readFileSync, readdirSync } from 'node:fs';

/** Processor time in µs. */
export interface ProcessorTimes {
  /** The first thread of the service, which sells. */
  readonly selling: number;
  /** Its other threads: garbage collection, the audit, delivery. */
  readonly others: number;
  readonly postgres: number;
}

/** What is accounted; undefined for a process that does not take part or runs elsewhere. */
export interface Accounted {
  readonly service: number | undefined;
  readonly postmaster: number | undefined;
  /** The database whose server's write-ahead log is accounted. */
  readonly databaseUrl: string;
}

/** USER_HZ is 100 on every Linux that Node.js supports: proc(5), times are in clock ticks. */
const TICK_US = 10_000;

/** Fields of a line of proc(5) after the name, counted from `state`. */
const PARENT = 1;
const USER = 11;
const SYSTEM = 12;
const CHILDREN_USER = 13;
const CHILDREN_SYSTEM = 14;

/** The fields after the name, which may contain spaces; undefined for a process that has ended. */
const readFields = (path: string): string[] | undefined => {
  try {
    const line = readFileSync(path, 'latin1');
    return line.slice(line.lastIndexOf(')') + 2).split(' ');
  } catch {
    return undefined;
  }
};

const ticks = (fields: readonly string[] | undefined, ...places: number[]): number =>
  places.reduce((sum, place) => sum + Number(fields?.[place] ?? 0), 0) * TICK_US;

const numbersIn = (folder: string): string[] =>
  readdirSync(folder).filter((name) => /^\d+$/.test(name));

const ownTime = (path: string): number => ticks(readFields(path), USER, SYSTEM);

const timeOfOthers = (pid: number): number =>
  numbersIn(`/proc/${pid}/task`)
    .filter((thread) => Number(thread) !== pid)
    .reduce((sum, thread) => sum + ownTime(`/proc/${pid}/task/${thread}/stat`), 0);

/** The postmaster, its children, and its children that have ended. */
const timeOfServer = (postmaster: number): number => {
  const all = numbersIn('/proc').map((pid) => readFields(`/proc/${pid}/stat`));
  const children = all.filter((fields) => Number(fields?.[PARENT]) === postmaster);
  const own = readFields(`/proc/${postmaster}/stat`);
  return (
    ticks(own, USER, SYSTEM, CHILDREN_USER, CHILDREN_SYSTEM) +
    children.reduce((sum, fields) => sum + ticks(fields, USER, SYSTEM), 0)
  );
};

/** The processor times until now; undefined where there is no /proc. */
export const readProcessorTimes = ({
  service,
  postmaster,
}: Omit<Accounted, 'databaseUrl'>): ProcessorTimes | undefined => {
  if (process.platform !== 'linux') return undefined;
  return {
    selling: service === undefined ? 0 : ownTime(`/proc/${service}/task/${service}/stat`),
    others: service === undefined ? 0 : timeOfOthers(service),
    postgres: postmaster === undefined ? 0 : timeOfServer(postmaster),
  };
};

/** The parent of a process; undefined when it runs elsewhere or there is no /proc. */
export const parentOf = (pid: number, name: string): number | undefined => {
  try {
    if (readFileSync(`/proc/${pid}/comm`, 'latin1').trim() !== name) return undefined;
    return Number(readFields(`/proc/${pid}/stat`)?.[PARENT]);
  } catch {
    return undefined;
  }
};

/** The machine's processor times until now. */
export interface MachineTimes {
  readonly total: number;
  /** What the hypervisor gave to other machines. */
  readonly steal: number;
}

const STEAL = 7;

/** The first line of /proc/stat, proc(5); undefined where there is none. */
export const readMachineTimes = (): MachineTimes | undefined => {
  try {
    const [line = ''] = readFileSync('/proc/stat', 'latin1').split('\n', 1);
    const values = line.split(/\s+/).slice(1, 9).map(Number);
    return { total: values.reduce((sum, each) => sum + each, 0), steal: values[STEAL] ?? 0 };
  } catch {
    return undefined;
  }
};
