import type { EventSink } from '../contract/index.ts';
import type { Loop } from '../database/loop.ts';
import { startFollower, type FollowerOptions } from './follower.ts';
import { createMembers, type Member, type Members, type Wish } from './members.ts';

export interface Hub {
  /**
   * Sends the current state of what is wished and then its changes; `after` is the position up to
   * which the client knows its orders. Returns what ends this.
   */
  readonly join: (wish: Wish, after: number | undefined, sink: EventSink) => () => void;
  /** Ends all streams. */
  readonly stop: () => Promise<void>;
}

/**
 * All streams of a process share one follower, which runs while there is a stream. The first stream
 * after a pause gets a new follower with members of its own.
 */
export const createHub = (options: FollowerOptions): Hub => {
  let current: { readonly members: Members; readonly follower: Loop } | undefined;
  const stopping = new Set<Promise<void>>();

  const begin = () => {
    const members = createMembers();
    return { members, follower: startFollower(members, options) };
  };
  const stopFollower = (follower: Loop): void => {
    const stopped = follower.stop().finally(() => stopping.delete(stopped));
    stopping.add(stopped);
  };

  return {
    join: (wish, after, sink) => {
      const joined = (current ??= begin());
      const { members, follower } = joined;
      const member: Member = { ...wish, sink, isCurrent: false, after };
      members.add(member);
      follower.wake();
      return () => {
        members.remove(member);
        if (members.all.size > 0 || current !== joined) return;
        current = undefined;
        stopFollower(follower);
      };
    },
    stop: async () => {
      for (const { sink } of current?.members.all ?? []) sink.end();
      if (current !== undefined) stopFollower(current.follower);
      current = undefined;
      await Promise.all(stopping);
    },
  };
};
