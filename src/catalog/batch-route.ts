import { Type } from 'typebox';
import { answerOnce, serverKey, type GroupCommit } from '../commit/index.ts';
import {
  PROBLEMS,
  defineRoute,
  idempotencyKeyOf,
  named,
  problemPath,
  replyTo,
  type KeyedRequest,
  type Refusal,
  type Route,
} from '../contract/index.ts';
import type { Queryable } from '../database/statement.ts';
import type { Event } from '../journal/index.ts';
import { creationOf } from './creation.ts';
import { NewProduct, ProductView } from './schemas.ts';

/** Products of one request: about as many as one transaction commits. */
const PRODUCTS_MAX = 500;

/** 4 KiB for each product on average; larger products need several requests. */
const BODY_BYTES_MAX = 2 * 1024 * 1024;

/** Products that are submitted at once, so that the orders of buyers are committed between them. */
const SLICE = 100;

const OPERATION = 'createProducts';

const Item = Type.Union([
  named('CreatedProduct', { status: Type.Literal(201), product: ProductView }),
  named('RefusedProduct', {
    status: Type.Integer({ minimum: 400, maximum: 599 }),
    problem: Type.Object(
      {
        type: Type.String(),
        title: Type.String(),
        status: Type.Integer(),
        detail: Type.String(),
        code: Type.String(),
      },
      { description: 'a problem (RFC 9457); its pointers lead into the body of the request' },
    ),
  }),
]);

/** The part of the answer for one product. */
interface ItemAnswer {
  readonly status: number;
  /** JSON. */
  readonly text: string;
}

const refusedItem = ({ code, members }: Refusal): ItemAnswer => {
  const { status, title, detail } = PROBLEMS[code];
  const problem = { type: problemPath(code), title, status, detail, code, ...members };
  return { status, text: JSON.stringify({ status, problem }) };
};

/** Whether the product was created, or may have been, also by an earlier attempt. */
const mayExist = ({ status }: ItemAnswer): boolean => status === 201 || status >= 500;

/**
 * Creates several products, each on its own: a refused product does not affect the others. A
 * request with an `Idempotency-Key` may be repeated: each of its products has the key with its
 * index, after a tab, which no client's key contains. So the answer is stored only if each product
 * is created or refused by the rules: a retry then tries the products that were `overloaded` or
 * `unavailable`. Such an answer is 200, too, because a request without a key may have created others.
 * If the rules refused every product, nothing stays under the key.
 */
export const productBatchRoute = (
  commit: Pick<GroupCommit<Event, Refusal>, 'submit' | 'isFull'>,
  db: Queryable,
  currency: string,
): Route => {
  const create = async (
    fields: NewProduct,
    index: number,
    { caller, idempotencyKey: batchKey }: Pick<KeyedRequest, 'caller' | 'idempotencyKey'>,
  ): Promise<ItemAnswer> => {
    const idempotencyKey = batchKey && `${batchKey}\t${index}`;
    const keyed = { caller, idempotencyKey, params: {}, body: fields };
    const key = idempotencyKeyOf(OPERATION, keyed) ?? serverKey();
    const reply = replyTo(
      await commit.submit({ operation: OPERATION, key, ...creationOf(fields, currency) }),
    );
    if (reply.kind === 'problem') return refusedItem(reply);
    const { status, body } = reply;
    // The stored answer, byte for byte.
    const product = typeof body === 'string' ? body : JSON.stringify(body);
    return { status, text: `{"status":${status},"product":${product}}` };
  };

  return defineRoute({
    method: 'POST',
    path: '/v1/products/batch',
    operation: OPERATION,
    summary: 'Create up to 500 products; each is created or refused on its own',
    description:
      'A product with a status of 500 or more may be sent again: with the same `Idempotency-Key`, ' +
      'the same request creates exactly the missing products. A request of which every product ' +
      'was refused may be corrected and sent again with its key.',
    tag: 'Products',
    access: ['staff', 'service'],
    isFull: commit.isFull,
    bodyBytes: BODY_BYTES_MAX,
    body: named('ProductBatch', {
      items: Type.Array(Type.Object({}), { minItems: 1, maxItems: PRODUCTS_MAX }),
    }),
    item: NewProduct,
    answers: {
      200: named('ProductBatchAnswer', {
        items: Type.Array(Item, { description: 'the answers, in the order of the request' }),
      }),
    },
    problems: [],
    handle: async (request) => {
      const { items } = request.body;
      const { errorsOf = () => [] } = request;
      const answer = async (item: object, index: number): Promise<ItemAnswer> => {
        const errors = errorsOf(item).map(({ pointer, message }) => ({
          pointer: `/items/${index}${pointer}`,
          message,
        }));
        return errors.length > 0
          ? refusedItem({ code: 'invalid_request', members: { errors } })
          : create(item as NewProduct, index, request);
      };
      const key = idempotencyKeyOf(OPERATION, request);
      const outcome = await answerOnce<Refusal>(db, key, async () => {
        const answers: ItemAnswer[] = [];
        for (let begin = 0; begin < items.length; begin += SLICE) {
          const slice = items.slice(begin, begin + SLICE);
          const answered = slice.map((item, offset) => answer(item, begin + offset));
          answers.push(...(await Promise.all(answered)));
        }
        const isFinal = answers.every(({ status }) => status < 500);
        const keeps = !answers.some(mayExist) ? 'nothing' : isFinal ? 'answer' : 'claim';
        const body = `{"items":[${answers.map(({ text }) => text).join(',')}]}`;
        return { status: 200, body, keeps };
      });
      return replyTo(outcome);
    },
  });
};
