import { InvalidParameterValue, UnsupportedDriverExtension } from '@ferrule/driver-kit';
import { linkOf, RedfishNotFoundError, samePath } from '@ferrule/redfish';
import { type BmcCall } from '../bmc/bmc-call.js';
import { withKept } from '../bmc/kept.js';

/** The logs of hardware events, by the Ids that vendors give them. */
const USUAL = /^(?:sel|iml|eventlog|standardlog|log1)$/i;

export interface Log {
  readonly id: string;
  readonly path: string;
}

/**
 * Runs `use` with the log that was asked for, or the one of hardware events, and the Ids of all logs of the node's
 * system and managers.
 * @throws InvalidParameterValue for a log that the node does not have
 */
export async function withLog<T>(
  call: BmcCall,
  wanted: string | undefined,
  use: (log: Log, ids: string[]) => Promise<T>,
): Promise<T> {
  const find = async (): Promise<string[]> => findLogs(call);
  return withKept(call, 'logs', find, async (paths) => {
    const logs = paths.map((path) => ({ path, id: idOf(path) }));
    return use(
      chosen(logs, wanted, call),
      logs.map(({ id }) => id),
    );
  });
}

async function findLogs({ bmc, options }: BmcCall): Promise<string[]> {
  const system = await bmc.system(options);
  const owners = [system, ...(await bmc.managers(system, options))];
  const paths: string[] = [];
  for (const { body } of owners) {
    const collection = linkOf(body['LogServices']);
    if (collection === undefined) continue;
    try {
      paths.push(...(await bmc.members(collection, options)));
    } catch (error) {
      // Some BMCs link collections that they do not have.
      if (!(error instanceof RedfishNotFoundError)) throw error;
    }
  }
  // A manager may link the logs of its system.
  return paths.filter((path, index) => paths.findIndex((other) => samePath(other, path)) === index);
}

function chosen(logs: readonly Log[], wanted: string | undefined, { nodeUuid }: BmcCall): Log {
  const [first] = logs;
  if (first === undefined) throw new UnsupportedDriverExtension(`The BMC of node ${nodeUuid} has no logs.`);
  if (wanted === undefined) return logs.find(({ id }) => USUAL.test(id)) ?? first;
  const found = logs.find(({ id, path }) => id === wanted || samePath(path, wanted));
  if (found !== undefined) return found;
  const ids = logs.map(({ id }) => id).join(', ');
  throw new InvalidParameterValue(`Node ${nodeUuid} has no log ${wanted}; it has ${ids}.`);
}

function idOf(path: string): string {
  return path.replace(/\/+$/, '').split('/').at(-1) ?? path;
}
