import type { Bundles } from './bundles.ts';
import type { Frame } from './frame.ts';
import type { Member } from './members.ts';

/** Collects the frames of each stream, so that the last one can have the id. */
export const createOutgoing = (bundles: Bundles) => {
  const frames = new Map<Member, Frame[]>();
  return {
    put: (member: Member, frame: Frame): void => {
      const others = frames.get(member);
      if (others === undefined) frames.set(member, [frame]);
      else others.push(frame);
    },
    send: (id: string): void => {
      for (const [{ sink }, list] of frames) {
        for (const frame of list.slice(0, -1)) bundles.put(sink, frame.encode(undefined));
        const last = list.at(-1);
        if (last !== undefined) bundles.put(sink, last.encode(id));
      }
    },
  };
};

export type Outgoing = ReturnType<typeof createOutgoing>;
