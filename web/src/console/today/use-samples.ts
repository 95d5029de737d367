import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState, useSyncExternalStore } from 'react';
import { operationsKey } from '../../api/live-states.ts';
import { addSample, SAMPLE_EVERY_MS, type Operations, type Sample } from './samples.ts';

/** The samples of this tab: they stay while the operator looks at other pages of the console. */
const createStore = () => {
  let samples: readonly Sample[] = [];
  const listeners = new Set<() => void>();
  return {
    add: (sample: Sample): void => {
      samples = addSample(samples, sample);
      for (const listener of listeners) listener();
    },
    read: (): readonly Sample[] => samples,
    subscribe: (listener: () => void): (() => void) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
};

const store = createStore();

/** The figures that the stream sends; undefined before the first. */
export const useOperations = (): Operations | undefined =>
  useQuery<Operations>({ queryKey: operationsKey, enabled: false, gcTime: Infinity }).data;

/**
 * Keeps a sample of the figures every two seconds while the console is open: the stream sends
 * changes only, so a figure stays what it was. A hidden tab follows no stream and keeps nothing.
 */
export const useSampling = (): void => {
  const client = useQueryClient();
  useEffect(() => {
    const timer = setInterval(() => {
      const operations = client.getQueryData<Operations>(operationsKey);
      if (operations === undefined || document.visibilityState === 'hidden') return;
      store.add({ at: Date.now(), operations });
    }, SAMPLE_EVERY_MS);
    return () => clearInterval(timer);
  }, [client]);
};

/** The samples of the last hour, oldest first. */
export const useSamples = (): readonly Sample[] =>
  useSyncExternalStore(store.subscribe, store.read);

/** Whether a time has passed since the component was shown. */
export const useIsAfter = (ms: number): boolean => {
  const [isAfter, setIsAfter] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setIsAfter(true), ms);
    return () => clearTimeout(timer);
  }, [ms]);
  return isAfter;
};
