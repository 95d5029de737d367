import { hash } from 'node:crypto';
import { Type, type TSchema } from 'typebox';
import { FILE, defineRoute, problem, strictObject, type Route } from '../contract/index.ts';
import type { Queryable } from '../database/statement.ts';
import { HASH_BYTES } from '../receipt/index.ts';
import { readTiles } from './read-tiles.ts';
import { TILE_WIDTH, type TilePlace } from './tiles.ts';

/** Path parameters are texts, and a text with another number of zeros is another address. */
const Level = Type.String({
  pattern: '^(?:[0-9]|[1-5][0-9]|6[0-3])$',
  description: 'the level of the tile, from 0, which has the hashes of leaves, to 63',
});
const Width = Type.String({
  pattern: '^(?:[1-9][0-9]?|1[0-9]{2}|2[0-4][0-9]|25[0-5])$',
  description: 'the number of hashes of a tile that is not full, from 1 to 255',
});

/** An index is written in groups of three digits, each but the last after an x. */
const Last = Type.String({
  pattern: '^[0-9]{3}$',
  description: 'the last three digits of the index of the tile within its level',
});
const Thousands = Type.String({
  pattern: '^x[0-9]{3}$',
  description: 'an x, and the three digits of the index before the last three',
});
const Millions = Type.String({
  pattern: '^x[0-9]{3}$',
  description: 'an x, and the three digits of the index before the last six',
});

/** The parts of an index; as many tiles of leaves have 256,000,000,000 events. */
const DEPTHS = [
  { suffix: '', path: '', parts: {} },
  { suffix: 'OfThousands', path: ':thousands/', parts: { thousands: Thousands } },
  {
    suffix: 'OfMillions',
    path: ':millions/:thousands/',
    parts: { millions: Millions, thousands: Thousands },
  },
] as const;

interface Parts {
  readonly level: string;
  readonly millions?: string;
  readonly thousands?: string;
  readonly last: string;
  readonly tileWidth?: string;
}

const placeOf = ({ level, millions = '', thousands = '', last }: Parts): TilePlace => ({
  level: Number(level),
  index: Number(`${millions}${thousands}${last}`.replaceAll('x', '')),
});

const COMMON = {
  method: 'GET',
  tag: 'Transparency log',
  access: 'public',
  answerType: 'application/octet-stream',
  answers: { 200: FILE },
} as const;

/**
 * The tiles of the tree (c2sp.org/tlog-tiles), from which a client computes every proof. They never
 * change. There are no bundles of entries: the hash of an event is public, the event is not.
 */
export const tileRoutes = (db: Queryable): Route[] => {
  const answerTile = async (parts: Parts) => {
    const place = placeOf(parts);
    const length = Number(parts.tileWidth ?? TILE_WIDTH) * HASH_BYTES;
    const [tile] = await readTiles(db, [place]);
    if (tile === undefined || tile.hashes.length < length) {
      return problem({ code: 'tile_not_found' });
    }
    const body = tile.hashes.subarray(0, length);
    const etag = `"${hash('sha256', body, 'base64url')}"`;
    return { kind: 'answer', status: 200, body, mediaType: COMMON.answerType, etag } as const;
  };

  const routeOf = (path: string, operation: string, summary: string, params: TSchema): Route =>
    defineRoute({
      ...COMMON,
      path: `/v1/log/tile/:level/${path}`,
      operation,
      summary,
      description:
        'Hashes of 32 bytes, one after the other (c2sp.org/tlog-tiles). A tile never changes.',
      params,
      problems: ['tile_not_found'],
      handle: ({ params: parts }) => answerTile(parts as Parts),
    });

  return DEPTHS.flatMap(({ suffix, path, parts }) => [
    routeOf(
      `${path}:last`,
      `getTile${suffix}`,
      'Read a full tile of the transparency log: 256 hashes',
      strictObject({ level: Level, ...parts, last: Last }),
    ),
    routeOf(
      `${path}:last.p/:tileWidth`,
      `getPartialTile${suffix}`,
      'Read the first hashes of a tile of the transparency log that is not full',
      strictObject({ level: Level, ...parts, last: Last, tileWidth: Width }),
    ),
  ]);
};
