import { z } from 'zod';
import { ChassisNotFound } from '../nodes/errors.js';
import { type ListingDoc } from '../openapi/listing.js';
import { CHASSIS_QUERY } from './chassis.request.js';

const UUID = '6d2f1c0e-5b7a-4f83-9d21-0c4e8a7b3f15';
const Links = z.array(z.object({ href: z.string(), rel: z.string() }));
const Chassis = z
  .object({
    uuid: z.uuid(),
    description: z.string().nullable(),
    extra: z.record(z.string(), z.unknown()),
    created_at: z.iso.datetime({ offset: true }),
    updated_at: z.iso.datetime({ offset: true }).nullable(),
    links: Links,
    nodes: Links,
  })
  .partial();

export const CHASSIS_LISTING: ListingDoc = {
  tag: 'chassis',
  summary: 'List chassis',
  description: 'A page of chassis, which group nodes. `next` links to the page that follows a full one.',
  query: CHASSIS_QUERY,
  notFound: new ChassisNotFound(UUID),
  response: z.object({ chassis: z.array(Chassis), next: z.string().optional() }),
  example: {
    chassis: [
      {
        uuid: UUID,
        description: 'rack 7',
        links: [
          { href: `http://127.0.0.1:6385/v1/chassis/${UUID}`, rel: 'self' },
          { href: `http://127.0.0.1:6385/chassis/${UUID}`, rel: 'bookmark' },
        ],
      },
    ],
  },
};
