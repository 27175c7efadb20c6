import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { counted } from '../../text/counted.js';
import { type ArgumentOptions, argumentsOf } from '../call/arguments.js';
import { type ApiClient } from '../client/api-client.js';
import { ConnectionError } from '../client/client-error.js';
import { ExitCode, WrongUsage } from '../client/exit-code.js';
import { type Output } from '../output.js';
import { FleetDocument } from './fleet-document.js';
import { followFleetCall, type ShowOptions } from './fleet-calls.command.js';

export interface FleetCallOptions extends ArgumentOptions, ShowOptions {
  readonly node?: readonly string[];
  /** `name=value` each. */
  readonly filter?: readonly string[];
  readonly httpMethod?: string;
  readonly canary?: string;
  readonly parallel?: string;
  /** A number, a share such as `5%`, or `never`. */
  readonly stopAfter?: string;
  readonly lockWait?: string;
  readonly dryRun?: boolean;
  readonly wait?: boolean;
}

const DryRun = z.looseObject({
  nodes: z.number(),
  accepted: z.number(),
  refused: z.number(),
  locked: z.number(),
  refusals: z.array(
    z.looseObject({ node: z.string(), error: z.looseObject({ code: z.string(), message: z.string() }) }),
  ),
});

export async function makeFleetCall(
  client: ApiClient,
  method: string,
  options: FleetCallOptions,
  out: Output,
): Promise<ExitCode> {
  const id = randomUUID();
  const json = { id, method, args: await argumentsOf(options), ...bodyOf(options) };
  if (options.dryRun === true) return dryRun(client, json, options, out);
  try {
    await client.json(FleetDocument, 'POST', '/v1/fleet_calls', { json });
  } catch (error) {
    if (error instanceof ConnectionError && !error.isUnsent) {
      out.complain(`The fleet call may have been made. To see it: ferrule fleet-calls show ${id}`);
    }
    throw error;
  }
  if (options.wait === false) {
    out.print(options.json === true ? JSON.stringify({ fleet_call: id }) : id);
    return ExitCode.succeeded;
  }
  out.complain(`Fleet call ${id}`);
  return followFleetCall(client, id, options, out);
}

async function dryRun(
  client: ApiClient,
  json: object,
  options: FleetCallOptions,
  out: Output,
): Promise<ExitCode> {
  const query = { dry_run: 'true' };
  const found = await client.json(DryRun, 'POST', '/v1/fleet_calls', { query, json });
  const { nodes, accepted, refused, locked, refusals } = found;
  if (options.json === true) out.print(JSON.stringify(found, null, 2));
  else {
    out.print(
      `${counted(nodes, 'node')}: ${accepted} would get a job, ${refused} would be refused, ${locked} locked now.`,
    );
    for (const { node, error } of refusals) out.print(`${node}: ${error.message}`);
  }
  return refused === 0 ? ExitCode.succeeded : ExitCode.refused;
}

/** What is given; the service has the defaults. */
function bodyOf({
  node,
  filter,
  httpMethod,
  canary,
  parallel,
  stopAfter,
  lockWait,
}: FleetCallOptions): object {
  if ((node === undefined) === (filter === undefined)) {
    throw new WrongUsage(
      "error: a fleet call takes --node, once for each node, or --filter, for example --filter 'shard=east'",
    );
  }
  return {
    ...(node ? { nodes: node } : { filter: filterOf(filter ?? []) }),
    ...(httpMethod !== undefined && { http_method: httpMethod.toUpperCase() }),
    ...(canary !== undefined && { canary: numberOf('--canary', canary) }),
    ...(parallel !== undefined && { parallelism: numberOf('--parallel', parallel) }),
    ...(lockWait !== undefined && { lock_wait: numberOf('--lock-wait', lockWait) }),
    ...(stopAfter !== undefined && { stop_after: stopOf(stopAfter) }),
  };
}

function filterOf(pairs: readonly string[]): Record<string, string> {
  const all = pairs
    .filter((pair) => pair !== 'all')
    .map((pair) => {
      const [, name, value] = /^([^=]+)=(.*)$/s.exec(pair) ?? [];
      if (name !== undefined && value !== undefined) return [name, value] as const;
      throw new WrongUsage(
        `error: --filter takes NAME=VALUE, for example 'shard=east', or all, not '${pair}'`,
      );
    });
  return Object.fromEntries(all);
}

function stopOf(text: string): string | number | null {
  if (text === 'never') return null;
  return text.endsWith('%') ? text : numberOf('--stop-after', text, ', a share such as 5%, or never');
}

function numberOf(option: string, text: string, others = ''): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new WrongUsage(`error: ${option} takes a whole number${others}, not '${text}'`);
}
