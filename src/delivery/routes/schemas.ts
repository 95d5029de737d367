import { Type } from 'typebox';
import { defineRoute, ok, problem, strictObject, type Route } from '../../contract/index.ts';
import { CONTRACT_TYPES, dataContractOf } from '../events/contracts.ts';
import { schemaPath, sentType } from '../events/types.ts';

const SCHEMAS = new Map(
  CONTRACT_TYPES.map((type) => [schemaPath(sentType(type)), dataContractOf(type)]),
);

/** Serves the schemas that events name in `dataschema`. */
export const schemaRoute: Route = defineRoute({
  method: 'GET',
  path: '/schemas/events/:file',
  operation: 'getEventSchema',
  summary: "Read the JSON Schema of an event's data, which the event names in `dataschema`",
  tag: 'Data platform',
  access: 'public',
  params: strictObject({
    file: Type.String({
      minLength: 1,
      maxLength: 100,
      pattern: '^[A-Za-z0-9_.-]+$',
      description: 'the type and `.json`: `moa.order.paid.v1.json`',
    }),
  }),
  answers: { 200: Type.Object({}, { description: 'a JSON Schema (2020-12)' }) },
  problems: ['schema_not_found'],
  handle: ({ params: { file } }) => {
    const schema = SCHEMAS.get(`/schemas/events/${file}`);
    return Promise.resolve(
      schema === undefined ? problem({ code: 'schema_not_found' }) : ok(schema),
    );
  },
});
