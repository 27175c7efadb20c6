import { z } from 'zod';
import { type ListingDoc } from '../openapi/listing.js';
import { DRIVER_FIELDS } from './driver.view.js';

const Links = z.array(z.object({ href: z.string(), rel: z.string() }));

const FIELD_SCHEMAS: Readonly<Record<string, z.ZodType>> = {
  name: z.string().describe('What a node names as its driver.'),
  hosts: z.array(z.string()).describe('The conductors that serve it.'),
  links: Links,
  properties: Links.describe('Where its driver_info keys are described. Since 1.14.'),
  type: z.literal('dynamic').describe('Since 1.30.'),
};

const Driver = z.object(
  Object.fromEntries(
    [...DRIVER_FIELDS].map(([field, since]) => [
      field,
      (FIELD_SCHEMAS[field] ?? interfaceField(field, since)).optional(),
    ]),
  ),
);

function interfaceField(field: string, since: number): z.ZodType {
  const schema = field.startsWith('enabled_') ? z.array(z.string()) : z.string();
  return schema.describe(`With detail only. Since 1.${since}.`);
}

/** `GET /v1/drivers` as the OpenAPI document has it. */
export const DRIVERS_LISTING: ListingDoc = {
  tag: 'drivers',
  summary: 'List drivers',
  description: 'The enabled hardware types.',
  query: [
    {
      name: 'type',
      description: 'All are dynamic.',
      schema: { type: 'string', enum: ['classic', 'dynamic'] },
    },
    { name: 'detail', description: 'With their interfaces.', schema: { type: 'boolean' } },
    { name: 'fields', description: 'A comma list of the fields to return.', example: 'name,hosts' },
  ],
  response: z.object({ drivers: z.array(Driver) }),
  example: {
    drivers: [
      {
        name: 'fake-hardware',
        hosts: ['cond-a'],
        links: [
          { href: 'http://127.0.0.1:6385/v1/drivers/fake-hardware', rel: 'self' },
          { href: 'http://127.0.0.1:6385/drivers/fake-hardware', rel: 'bookmark' },
        ],
        properties: [
          { href: 'http://127.0.0.1:6385/v1/drivers/fake-hardware/properties', rel: 'self' },
          { href: 'http://127.0.0.1:6385/drivers/fake-hardware/properties', rel: 'bookmark' },
        ],
        type: 'dynamic',
      },
    ],
  },
};
