import { Type, type TObject, type TString } from 'typebox';
import { strictObject } from '../../contract/index.ts';
import {
  EVENT_SCHEMAS,
  OrderId,
  ProductId,
  Traceparent,
  UserId,
  text,
  time,
  uuid,
} from './schemas.ts';
import { EVENT_TYPES, SEQUENCE, TEST_TYPE, schemaPath, sentType } from './types.ts';

/** Every type with a published contract. */
export const CONTRACT_TYPES = [...EVENT_TYPES, TEST_TYPE] as const;

type ContractType = (typeof CONTRACT_TYPES)[number];

const DestinationId = uuid('the destination');

const DATA: Readonly<Record<ContractType, TObject>> = {
  ...EVENT_SCHEMAS,
  [TEST_TYPE]: strictObject({ destinationId: DestinationId }),
};

interface About {
  readonly title: string;
  readonly description: string;
  readonly subject: TString;
}

const ABOUT: Readonly<Record<ContractType, About>> = {
  'order.paid.v1': {
    title: 'An order was paid',
    description:
      "The order was paid from its owner's wallet, at once or later; its units are sold.",
    subject: OrderId,
  },
  'order.cancelled.v1': {
    title: 'An order was cancelled',
    description: 'A pending order was cancelled; its units can be sold again.',
    subject: OrderId,
  },
  'order.expired.v1': {
    title: 'An order has expired',
    description: 'A pending order was not paid in time; its units can be sold again.',
    subject: OrderId,
  },
  'order.refunded.v1': {
    title: 'An order was refunded, in whole or in part',
    description:
      "Units of a paid order were refunded; their price was paid to its owner's wallet. An order " +
      'may be refunded in several parts; each part has an event.',
    subject: OrderId,
  },
  'wallet.charged.v1': {
    title: 'A wallet was charged',
    description: 'Money was put into a wallet from outside.',
    subject: UserId,
  },
  'wallet.withdrawn.v1': {
    title: 'Money was withdrawn from a wallet',
    description: 'Money was paid out of a wallet to the outside.',
    subject: UserId,
  },
  'stock.adjusted.v1': {
    title: 'The stock of a product was adjusted',
    description:
      'Staff added or removed units. Sales, reservations and refunds are not adjustments.',
    subject: ProductId,
  },
  'product.created.v1': {
    title: 'A product was created',
    description: 'The product can be bought from now on.',
    subject: ProductId,
  },
  'product.changed.v1': {
    title: 'A product was changed',
    description:
      'The data has the fields of the request, also unchanged ones, and the whole product as it ' +
      'then was. Existing orders keep their name and price.',
    subject: ProductId,
  },
  [TEST_TYPE]: {
    title: 'A destination was tested',
    description: 'Staff test a destination. Store nothing; answer as to any other event.',
    subject: DestinationId,
  },
};

const DIALECT = 'https://json-schema.org/draft/2020-12/schema';

/**
 * A schema that allows unknown fields everywhere: a consumer that validates with it must keep
 * working when a field is added.
 */
const open = (schema: object): object => {
  const opened = JSON.stringify(schema, (key, value: unknown) =>
    key === 'additionalProperties' && value === false ? undefined : value,
  );
  return JSON.parse(opened) as object;
};

/** The published JSON Schema (2020-12) of the data of a type; allows unknown fields. */
export const dataContractOf = (type: ContractType): object => {
  const { title, description } = ABOUT[type];
  return open({ $schema: DIALECT, title, description, ...DATA[type] });
};

/**
 * The published JSON Schema (2020-12) of a whole sent event of a type: CloudEvents 1.0, JSON
 * format. Allows unknown fields.
 */
export const contractOf = (type: ContractType): object => {
  const { title, description, subject } = ABOUT[type];
  const sent = sentType(type);
  const schema = Type.Object({
    specversion: Type.Literal('1.0'),
    id: uuid('the event; unique, and the same in every attempt'),
    source: text(1, 500, 'the installation of Moa, a URI-reference'),
    type: Type.Literal(sent),
    subject,
    time: time('the time of the event'),
    sequence: Type.String({
      pattern: SEQUENCE,
      description:
        'the order of the events of a source: a later event of a subject has a greater text',
    }),
    partitionkey: { ...subject, description: 'the subject' },
    traceparent: Type.Optional(Traceparent),
    datacontenttype: Type.Literal('application/json'),
    dataschema: Type.String({
      pattern: `^https?://.*${schemaPath(sent).replaceAll('.', String.raw`\.`)}$`,
      description: 'the address of the schema of `data`',
    }),
    data: DATA[type],
  });
  const about = { $schema: DIALECT, $id: `urn:moa:event:${sent}`, title, description };
  return open({ ...about, ...schema });
};
