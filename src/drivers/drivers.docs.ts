import { z } from 'zod';
import { commaList, flag, oneOf, parameter } from '../http/query/parameter.js';
import { type ListingDoc } from '../openapi/listing.js';
import { DRIVER_FIELDS } from './driver.view.js';

const Links = z.array(z.object({ href: z.string(), rel: z.string() }));

const FIELD_SCHEMAS: Readonly<Record<string, z.ZodType>> = {
  name: z.string().describe('The name that nodes give as their driver.'),
  hosts: z.array(z.string()).describe('The conductors that serve it.'),
  links: Links,
  properties: Links.describe('Links to the descriptions of its driver_info keys. Since 1.14.'),
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

const FIELDS = parameter(commaList().optional(), {
  since: 77,
  description:
    'A comma list of the fields to return; the links of these fields are included. Without it: name, hosts, links, properties and type. Not together with detail.',
  example: 'name,hosts',
});

export const DRIVERS_QUERY = z.object({
  type: parameter(oneOf(['classic', 'dynamic']).optional(), {
    since: 30,
    description: 'All are dynamic; there are no classic ones any more. Without it: all.',
    example: 'dynamic',
  }),
  detail: parameter(flag().default(false), {
    since: 30,
    description: 'With their interfaces.',
    example: 'false',
  }),
  fields: FIELDS,
});

export const DRIVER_QUERY = z.object({ fields: FIELDS });

export const DRIVERS_LISTING: ListingDoc = {
  tag: 'drivers',
  summary: 'List drivers',
  description: 'The enabled hardware types.',
  query: DRIVERS_QUERY,
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
