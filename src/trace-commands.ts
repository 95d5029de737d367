import type { GroupCommit } from './commit/index.ts';
import type { Tracer } from './tracing/index.ts';

/** Gives each command the span of the request that submits it; the same commit without a tracer. */
export const traceCommands = <Event, Refusal>(
  commit: GroupCommit<Event, Refusal>,
  tracer: Pick<Tracer, 'current'> | undefined,
): GroupCommit<Event, Refusal> => {
  if (tracer === undefined) return commit;
  return {
    ...commit,
    submit: (command) => {
      const span = tracer.current();
      return commit.submit(span === undefined ? command : { ...command, span });
    },
  };
};
