import type { components, paths } from './openapi.gen.ts';

type Schemas = components['schemas'];

/** Every problem that Moa answers (RFC 9457), told apart by `code`. */
export type Problem = {
  [Name in keyof Schemas]: Name extends `${string}Problem` ? Schemas[Name] : never;
}[keyof Schemas];

export type Product = Schemas['Product'];
export type Cart = Schemas['Cart'];
export type Order = Schemas['Order'];
export type OrderRequest = Schemas['OrderRequest'];
export type PaidOrder = Schemas['PaidOrder'];
export type Wallet = Schemas['Wallet'];
export type WalletEntry = Schemas['WalletEntry'];

/** The data of each event of a stream. */
export interface LiveData {
  /** The units that can be bought, the price or the status of a product has changed. */
  readonly stock: Schemas['StockState'];
  readonly 'best-sellers': Schemas['BestSellers'];
  /** An order was placed, paid, cancelled, expired or refunded. */
  readonly order: Schemas['Order'];
  /** The newest orders, at the start of each connection. */
  readonly orders: Schemas['NewestOrders'];
  readonly wallet: Schemas['WalletState'];
  readonly operations: Schemas['Operations'];
}

export type Method = 'get' | 'put' | 'post' | 'patch' | 'delete';

/** The paths that have the method. */
export type PathsWith<M extends Method> = {
  [P in keyof paths]: paths[P] extends Record<M, object> ? P : never;
}[keyof paths];

/** The operation of a method and a path. */
export type OperationAt<M extends Method, P extends PathsWith<M>> =
  paths[P] extends Record<M, infer Found> ? Found : never;

type ResponsesOf<Operation> = Operation extends { responses: infer Responses } ? Responses : never;

type ContentOf<Answer> = Answer extends { content: infer Content }
  ? Content extends { 'application/json': infer Json }
    ? Json
    : Content[keyof Content]
  : undefined;

/** The body of a successful answer; undefined where an answer has none. */
export type DataOf<Operation> = {
  [Status in keyof ResponsesOf<Operation>]: Status extends 200 | 201 | 202 | 204
    ? ContentOf<ResponsesOf<Operation>[Status]>
    : never;
}[keyof ResponsesOf<Operation>];

/** The problems that an operation documents. */
export type ProblemOf<Operation> = {
  [Status in keyof ResponsesOf<Operation>]: ResponsesOf<Operation>[Status] extends {
    content: { 'application/problem+json': infer Found };
  }
    ? Found
    : never;
}[keyof ResponsesOf<Operation>];

type Member<T, Name extends string> = T extends { [N in Name]?: infer Found } ? Found : never;
type Parameter<Operation, Place extends string> = NonNullable<
  Member<Member<Operation, 'parameters'>, Place>
>;

/** The query of an operation. */
export type QueryOf<Operation> = Parameter<Operation, 'query'>;

/** A field that may be left out where its value requires nothing. */
type Field<Name extends string, Value> = [Value] extends [never]
  ? { [N in Name]?: never }
  : Partial<Value> extends Value
    ? { [N in Name]?: Value }
    : { [N in Name]: Value };

type ContentIn<Request> = Request extends { content: infer Content }
  ? Content[keyof Content]
  : never;

type BodyOf<Operation> = Operation extends { requestBody: infer Request }
  ? { body: ContentIn<Request> }
  : { body?: ContentIn<NonNullable<Member<Operation, 'requestBody'>>> };

type HeaderOf<Operation> = [Parameter<Operation, 'header'>] extends [never]
  ? never
  : keyof Parameter<Operation, 'header'>;

/** A version can be given where `If-Match` is read. */
type VersionOf<Operation> =
  'If-Match' extends HeaderOf<Operation> ? { version?: number | undefined } : { version?: never };

/** What a call sends; the key of a POST is an option of its own. */
export type ParametersOf<Operation> = Field<'path', Parameter<Operation, 'path'>> &
  Field<'query', QueryOf<Operation>> &
  BodyOf<Operation> &
  VersionOf<Operation>;
