import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { BmcError, InvalidParameterValue } from '@ferrule/driver-kit';
import { addressAllowed, type Networks } from '@ferrule/redfish';

/** Milliseconds to wait for the addresses of a name. */
const RESOLVER_LIMIT = 10_000;

export type Names = (name: string) => Promise<readonly string[]>;

const resolveAll: Names = async (name) =>
  (await lookup(name, { all: true, verbatim: true })).map(({ address }) => address);

/** Refuses a literal address that BMCs may not have; names are checked when they are used. */
export function checkLiteral(host: string, networks: Networks | undefined, nodeUuid: string): void {
  if (isIP(host) !== 0 && !addressAllowed(host, networks)) throw refused(host, networks, nodeUuid);
}

/**
 * The address of a BMC that may be connected to. ipmitool gets it in place of the name, which could have another address
 * when it asks.
 */
export async function allowedAddress(
  host: string,
  networks: Networks | undefined,
  nodeUuid: string,
  names: Names = resolveAll,
): Promise<string> {
  checkLiteral(host, networks, nodeUuid);
  if (isIP(host) !== 0) return host;
  let addresses: readonly string[];
  try {
    addresses = await inTime(names(host));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new BmcError('IPMIFailure', 'unreachable', `The name ${host} has no address: ${why}.`, {
      cause: error,
    });
  }
  const allowed = addresses.find((address) => addressAllowed(address, networks));
  if (allowed !== undefined) return allowed;
  throw refused(`${host} (${addresses.join(', ')})`, networks, nodeUuid);
}

function refused(shown: string, networks: Networks | undefined, nodeUuid: string): InvalidParameterValue {
  const why =
    networks === undefined
      ? 'Link-local, multicast and metadata addresses are refused by default; FERRULE_BMC_NETWORKS can allow them.'
      : 'FERRULE_BMC_NETWORKS does not allow it.';
  return new InvalidParameterValue(
    `Invalid IPMI address ${shown} set in driver_info/ipmi_address on node ${nodeUuid}. ${why}`,
  );
}

async function inTime<T>(answer: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const silence = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('the resolver does not answer')), RESOLVER_LIMIT);
  });
  try {
    return await Promise.race([answer, silence]);
  } finally {
    clearTimeout(timer);
  }
}
