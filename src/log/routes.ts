import { Type } from 'typebox';
import {
  Uuid,
  defineRoute,
  invalid,
  named,
  ok,
  problem,
  strictObject,
  type Route,
} from '../contract/index.ts';
import type { Queryable } from '../database/statement.ts';
import { consistencySpans, inclusionSpans } from './merkle.ts';
import type { Signer } from './note.ts';
import { findLeafOfEvent, type FindCheckpointRow } from './queries.gen.ts';
import { readHashes } from './read-tiles.ts';
import { Hash, LeafIndex } from './receipt.ts';

const TreeSize = { ...LeafIndex, description: 'the number of leaves of a tree' };
const Hashes = Type.Array(Hash, { description: 'the proof' });

const InclusionProof = named('InclusionProof', {
  leafIndex: LeafIndex,
  treeSize: TreeSize,
  leafHash: Hash,
  hashes: { ...Hashes, description: 'from the leaf to the root' },
});

const ConsistencyProof = named('ConsistencyProof', {
  from: TreeSize,
  to: TreeSize,
  hashes: Hashes,
});

const LogKey = named('LogKey', {
  origin: Type.String({ description: 'the name of the log and of its key' }),
  verifierKey: Type.String({
    description: 'name, key ID and public key, as c2sp.org/signed-note writes a verifier key',
  }),
});

const COMMON = { method: 'GET', tag: 'Transparency log', access: 'public' } as const;

const tooLarge = (pointer: string, size: number) =>
  invalid(pointer, `must be at most ${size}, the size of the tree`);

/** The hash of an event is public, the event is not: an entry has no route. */
export const logRoutes = ({
  db,
  readCheckpoint,
  readVerifier,
}: {
  readonly db: Queryable;
  readonly readCheckpoint: () => Promise<FindCheckpointRow>;
  readonly readVerifier: () => Promise<Signer['verifier']>;
}): Route[] => [
  defineRoute({
    ...COMMON,
    path: '/v1/log/checkpoint',
    operation: 'getCheckpoint',
    summary: 'Read the signed size and root of the transparency log',
    description:
      'A checkpoint (c2sp.org/tlog-checkpoint): the origin, the number of leaves, the root in ' +
      'base64, and signatures (c2sp.org/signed-note). It has each event a second after its commit.',
    answerType: 'text/plain',
    answers: { 200: Type.String() },
    problems: [],
    handle: async () => {
      const { note } = await readCheckpoint();
      return { kind: 'answer', status: 200, body: note, mediaType: 'text/plain' };
    },
  }),

  defineRoute({
    ...COMMON,
    path: '/v1/log/key',
    operation: 'getLogKey',
    summary: 'Read the key that verifies checkpoints and receipts',
    description:
      'Whoever reads the key here trusts the shop for it once. To notice another key later, keep ' +
      'it, or compare it with the key that the shop publishes elsewhere.',
    answers: { 200: LogKey },
    problems: [],
    handle: async () => {
      const { name: origin, text: verifierKey } = await readVerifier();
      return ok({ origin, verifierKey });
    },
  }),

  defineRoute({
    ...COMMON,
    path: '/v1/log/proof/inclusion',
    operation: 'getInclusionProof',
    summary: 'Prove that a tree has a leaf, named by its number or by its event',
    description: 'As in RFC 9162 §2.1.3. Exactly one of `leaf` and `event` is needed.',
    query: strictObject({
      leaf: Type.Optional(LeafIndex),
      event: Type.Optional({ ...Uuid, description: 'the id of an event' }),
      size: Type.Optional({ ...TreeSize, description: 'default: that of the checkpoint' }),
    }),
    answers: { 200: InclusionProof },
    problems: ['leaf_not_found'],
    handle: async ({ query: { leaf, event, size } }) => {
      if ((leaf === undefined) === (event === undefined)) {
        return invalid('/query/leaf', 'exactly one of `leaf` and `event` is needed');
      }
      const { treeSize: largest } = await readCheckpoint();
      const treeSize = size ?? largest;
      if (treeSize > largest) return tooLarge('/query/size', largest);
      const found = event === undefined ? undefined : await findLeafOfEvent(db, { eventId: event });
      const leafIndex = leaf ?? found?.leafIndex;
      if (leafIndex === undefined || leafIndex >= treeSize) {
        return problem({ code: 'leaf_not_found' });
      }
      const own = { begin: leafIndex, end: leafIndex + 1 };
      const hashes = await readHashes(db, [own, ...inclusionSpans(leafIndex, treeSize)]);
      const [leafHash, ...proof] = hashes.map((hash) => hash.toString('base64'));
      return ok({ leafIndex, treeSize, leafHash, hashes: proof });
    },
  }),

  defineRoute({
    ...COMMON,
    path: '/v1/log/proof/consistency',
    operation: 'getConsistencyProof',
    summary: 'Prove that a tree begins with all leaves of an earlier tree',
    description: 'As in RFC 9162 §2.1.4. A proof from 0, or between equal sizes, has no hashes.',
    query: strictObject({
      from: Type.Optional({ ...TreeSize, description: 'the earlier size; default: 0' }),
      to: Type.Optional({ ...TreeSize, description: 'default: that of the checkpoint' }),
    }),
    answers: { 200: ConsistencyProof },
    problems: [],
    handle: async ({ query: { from = 0, to: given } }) => {
      const { treeSize: largest } = await readCheckpoint();
      const to = given ?? largest;
      if (to > largest) return tooLarge('/query/to', largest);
      if (from > to) return invalid('/query/from', 'must not be above `to`');
      const hashes = await readHashes(db, consistencySpans(from, to));
      return ok({ from, to, hashes: hashes.map((hash) => hash.toString('base64')) });
    },
  }),
];
