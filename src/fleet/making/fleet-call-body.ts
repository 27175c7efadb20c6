import { HTTP_METHODS, isJsonObject, type JsonObject, type JsonValue } from '@ferrule/driver-kit';
import { z } from 'zod';
import { BadRequest } from '../../http/errors.js';
import { type Query } from '../../http/query/query.js';
import { QueryPipe } from '../../http/query/query.pipe.js';
import { uuidOf } from '../../http/query/uuid.js';
import { MAXIMUM_VALUES } from '../../json/json-size.js';
import { NODE_FILTER_QUERY, type NodeFilters } from '../../nodes/list/node-list.query.js';
import { listed } from '../../text/listed.js';
import { type FleetMethod, type FleetRules, type StopAfter } from '../fleet-call.js';

/** Statements over all nodes of a fleet call end within their limit of time. */
export const MOST_NODES = 50_000;
/** Members and items of a body, whose list of nodes may be long. */
export const MOST_VALUES = MOST_NODES + MAXIMUM_VALUES;
const MOST_AT_ONCE = 1_000;
const LONGEST_LOCK_WAIT = 86_400;

const wholeNumber = (least: number, most: number) => {
  const error = `it must be a whole number from ${least} to ${most}`;
  return z.int({ error }).min(least, error).max(most, error);
};
const STOP_AFTER =
  'it must be a number of failed nodes, at least 1, or a share of them from "1%" to "100%", or null';

function isStopAfter(value: unknown): boolean {
  if (typeof value === 'number') return Number.isSafeInteger(value) && value >= 1;
  return value === null || (typeof value === 'string' && /^([1-9]\d?|100)%$/.test(value));
}

const BODY = z.strictObject(
  {
    id: z
      .string({ error: 'it must be a UUID' })
      .refine((text) => uuidOf(text) !== undefined, 'it must be a UUID')
      .optional(),
    method: z.string({ error: 'it must be the name of a method' }).min(1, 'it must be the name of a method'),
    http_method: z
      .enum(HTTP_METHODS, { error: `it must be one of ${HTTP_METHODS.join(', ')}` })
      .default('POST'),
    args: z.record(z.string(), z.unknown(), { error: 'it must be an object' }).default({}),
    filter: z.record(z.string(), z.unknown(), { error: 'it must be an object' }).optional(),
    nodes: z
      .array(z.string({ error: 'it must be a UUID or name of a node' }), {
        error: 'it must be a list of UUIDs or names of nodes',
      })
      .min(1, 'it names no node')
      .max(MOST_NODES, `it names more than ${MOST_NODES} nodes, the most of one fleet call`)
      .optional(),
    canary: wholeNumber(0, Number.MAX_SAFE_INTEGER).default(0),
    parallelism: wholeNumber(1, MOST_AT_ONCE).default(10),
    stop_after: z.custom<StopAfter>(isStopAfter, STOP_AFTER).default(1),
    lock_wait: wholeNumber(0, LONGEST_LOCK_WAIT).default(600),
  },
  {
    error: ({ code, keys }) =>
      code === 'unrecognized_keys' ? `Unexpected members: ${listed(keys ?? [])}` : undefined,
  },
);

/** Which nodes: all that a filter finds, or those of a list. */
export type Asked =
  { readonly filters: NodeFilters; readonly given: JsonObject } | { readonly list: readonly string[] };

export interface FleetCallBody extends FleetMethod, FleetRules {
  /** That the client chose. */
  readonly id: string | undefined;
  readonly asked: Asked;
}

const FILTERS = new QueryPipe(NODE_FILTER_QUERY);

/** @throws BadRequest (400), NotAcceptable (406) for a filter that the microversion does not have. */
export function fleetCallBody(body: JsonValue, microversion: number): FleetCallBody {
  const parsed = BODY.safeParse(body);
  if (!parsed.success) throw new BadRequest(mistakesOf(parsed.error));
  const { id, method, http_method: httpMethod, args, filter, nodes, ...rest } = parsed.data;
  return {
    id: id === undefined ? undefined : uuidOf(id),
    method,
    httpMethod,
    args,
    asked: askedNodes(filter, nodes, microversion),
    canary: rest.canary,
    parallelism: rest.parallelism,
    stopAfter: rest.stop_after,
    lockWait: rest.lock_wait,
  };
}

function mistakesOf({ issues }: z.ZodError): string {
  const texts = issues.map(({ code, path, message }) => {
    if (path.length === 0) {
      const known = Object.keys(BODY.shape).join(', ');
      return code === 'unrecognized_keys'
        ? `${message}; expected some of ${known}.`
        : 'A fleet call is a JSON object.';
    }
    return `Invalid ${path.join('.')}: ${message}.`;
  });
  return texts.join(' ');
}

function askedNodes(
  filter: Record<string, unknown> | undefined,
  list: readonly string[] | undefined,
  microversion: number,
): Asked {
  if ((filter === undefined) === (list === undefined)) {
    throw new BadRequest(
      'A fleet call has either nodes, a list of UUIDs or names, or filter, an object such as {"driver": "fake-hardware"}; {} is for all nodes.',
    );
  }
  if (list) return { list };
  const query = queryOf(filter ?? {});
  return { filters: FILTERS.transform({ query, microversion }), given: filter as JsonObject };
}

/** As the same filters would be in a URL. */
function queryOf(filter: Record<string, unknown>): Query {
  return new Map(
    Object.entries(filter).map(([name, value]) => {
      const values = Array.isArray(value) ? value : [value];
      if (values.some((each) => each === null || isJsonObject(each) || Array.isArray(each))) {
        throw new BadRequest(
          `Invalid filter.${name}: it must be a text, a number or a boolean, or a list of them.`,
        );
      }
      return [name, values.map(String)];
    }),
  );
}
