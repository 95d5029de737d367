import type { Metadata } from '../contract/index.ts';

const NONE = {};

/** The metadata as a member of an event; nothing if it is empty, so that most events stay small. */
export const metadataOf = ({
  metadata,
}: {
  readonly metadata?: Metadata | null | undefined;
}): { readonly metadata?: Metadata } =>
  metadata === undefined || metadata === null || Object.keys(metadata).length === 0
    ? NONE
    : { metadata };
