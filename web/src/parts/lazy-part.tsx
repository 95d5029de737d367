import { CatchBoundary, type ErrorComponentProps } from '@tanstack/react-router';
import { lazy, Suspense, type ComponentType } from 'react';
import classes from './lazy-part.module.css';
import { loadFiles, useReload } from './missing-file.ts';
import { ProblemNotice, problemIn } from './problem-notice.tsx';

interface FailedProps {
  readonly error: unknown;
  readonly onRetry: () => void;
}

/** Above the page, because a part that opens has no place in it. */
const FailedNotice = ({ error, onRetry }: FailedProps) => (
  <div className={classes.failed}>
    <ProblemNotice problem={problemIn(error)} onRetry={onRetry} />
  </div>
);

interface Places {
  /** In its place while it loads. */
  readonly Waiting?: ComponentType;
  /** In its place when it could not be loaded or shown. */
  readonly Failed?: ComponentType<FailedProps>;
}

/** A part of a page that is loaded when it is shown; if that fails, the page stays as it is. */
export const lazyPart = <Props extends object>(
  load: () => Promise<{ readonly default: ComponentType<Props> }>,
  { Waiting, Failed = FailedNotice }: Places = {},
) => {
  const start = () => lazy(() => loadFiles(load));
  // `lazy` keeps its failure: each retry needs another one.
  let Part = start();
  const Latest = (props: Props) => <Part {...props} />;
  const Failure = ({ error, reset }: ErrorComponentProps) => {
    useReload(error);
    const retry = (): void => {
      Part = start();
      reset();
    };
    return <Failed error={error} onRetry={retry} />;
  };
  return (props: Props) => (
    <CatchBoundary getResetKey={() => ''} errorComponent={Failure}>
      <Suspense fallback={Waiting === undefined ? null : <Waiting />}>
        <Latest {...props} />
      </Suspense>
    </CatchBoundary>
  );
};
