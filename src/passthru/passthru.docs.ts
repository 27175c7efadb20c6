import { EFFECTS, HTTP_METHODS } from '@ferrule/driver-kit';
import { z } from 'zod';
import { flag, parameter, text } from '../http/query/parameter.js';
import { NodeNotFound } from '../nodes/errors.js';
import { DriverUnknown } from '../drivers/errors.js';
import { type ListingDoc } from '../openapi/listing.js';

const DETAIL = parameter(flag().default(false), {
  since: 1,
  description:
    'Include the JSON Schemas of arguments and result, the effect, the time limit and the package of each method.',
  example: 'false',
});

export const NODE_METHODS_QUERY = z.object({ detail: DETAIL });

export const DRIVER_METHODS_QUERY = z.object({
  detail: DETAIL,
  vendor_interface: parameter(text().optional(), {
    since: 1,
    description: 'An enabled vendor interface of the type. Without it: the default one.',
    example: 'fake-options',
  }),
});

const Method = z.object({
  http_methods: z.array(z.enum(HTTP_METHODS)),
  async: z.boolean().describe('True: the answer is 202 and a job runs the method.'),
  description: z.string(),
  attach: z.boolean().describe('True: the result is a file.'),
  args: z
    .record(z.string(), z.unknown())
    .optional()
    .describe('JSON Schema of the arguments; with detail only.'),
  timeout: z.number().optional().describe('Seconds until the method is aborted; with detail only.'),
  returns: z
    .record(z.string(), z.unknown())
    .optional()
    .describe('JSON Schema of the result; with detail only.'),
  effect: z.enum(EFFECTS).optional().describe('What a call does to the server; with detail only.'),
  since: z.string().optional().describe('Version of the package that first had it; with detail only.'),
  deprecated: z.string().optional().describe('What to use instead; with detail only.'),
  package: z.string().optional().describe('npm package it comes from, as name@version; with detail only.'),
});

const NodeMethod = Method.extend({
  require_exclusive_lock: z.boolean().describe('False: it can be called while the node is locked.'),
});

export const NODE_METHODS_LISTING: ListingDoc = {
  tag: 'vendor passthru',
  summary: "List a node's passthru methods",
  description: "The methods of the node's own vendor interface, by name.",
  path: [
    {
      name: 'ident',
      description:
        'UUID or name of a node. A new service has none; the first command that `npm start` prints creates `n1`.',
      example: 'n1',
    },
  ],
  query: NODE_METHODS_QUERY,
  notFound: new NodeNotFound('nonesuch'),
  response: z.record(z.string(), NodeMethod),
  example: {
    third_method_sync: {
      http_methods: ['POST'],
      async: false,
      description: 'Test if the value of bar is meow',
      attach: false,
      require_exclusive_lock: true,
    },
  },
};

export const DRIVER_METHODS_LISTING: ListingDoc = {
  tag: 'vendor passthru',
  summary: "List a driver's passthru methods",
  description: 'The methods that need no node, by name.',
  path: [{ name: 'driver', description: 'Name of the hardware type.', example: 'fake-hardware' }],
  query: DRIVER_METHODS_QUERY,
  notFound: new DriverUnknown('nonesuch'),
  response: z.record(z.string(), Method),
  example: {
    driver_info: {
      http_methods: ['GET', 'POST'],
      async: false,
      description: 'Return the driver, the verb and the site, without a node',
      attach: false,
    },
  },
};
