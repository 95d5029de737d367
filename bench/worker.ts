import { fork } from 'node:child_process';
import { once } from 'node:events';

/** What a worker answers to a task. */
type Reply<Result> = { readonly result: Result } | { readonly fault: string };

/** A process that carries out tasks, one after the other. */
export interface Worker<Task, Result> {
  readonly pid: number;
  readonly run: (task: Task) => Promise<Result>;
  readonly stop: () => Promise<void>;
}

/** As in `npm start`: a larger young generation for the garbage of requests. */
export const NODE_OPTIONS = ['--max-semi-space-size=64'];

/** Starts a program of this folder that calls `serve`; it ends with this process. */
export const startWorker = <Task extends object, Result>(
  file: string,
  env: NodeJS.ProcessEnv = process.env,
): Worker<Task, Result> => {
  const program = new URL(file, import.meta.url).pathname;
  const child = fork(program, [], { execArgv: NODE_OPTIONS, env });
  const gone = once(child, 'exit').then(([code, signal]): never => {
    throw new Error(`${file} ended: ${String(signal ?? code)}`);
  });
  // Reported by the next task.
  gone.catch(() => undefined);
  return {
    pid: child.pid ?? 0,
    run: async (task) => {
      child.send(task);
      const [reply] = (await Promise.race([once(child, 'message'), gone])) as [Reply<Result>];
      if ('fault' in reply) throw new Error(reply.fault);
      return reply.result;
    },
    stop: async () => {
      child.disconnect();
      await gone.catch(() => undefined);
    },
  };
};

/** Carries out the tasks of the parent, until it disconnects or ends. */
export const serve = (
  carryOut: (task: never) => Promise<unknown>,
  onEnd: () => Promise<void> = () => Promise.resolve(),
): void => {
  process.on('message', (task) => {
    carryOut(task as never).then(
      (result) => process.send?.({ result } satisfies Reply<unknown>),
      (error: unknown) => process.send?.({ fault: String((error as Error).stack) }),
    );
  });
  process.once('disconnect', () => void onEnd().finally(() => process.exit(0)));
  // The parent decides when the run ends; Ctrl-C reaches every process of the terminal.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => undefined);
};
