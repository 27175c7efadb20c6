import { readFileSync } from 'node:fs';
import { type Networks, parseNetworks } from '@ferrule/redfish';
import { type OriginAliases, parseAliases } from './origin-aliases.js';
import { RequestAllowList } from './request-allow-list.js';

/** What an operator sets for the Redfish drivers. */
export interface RedfishConfig {
  /** Where BMCs may be; anywhere but link-local if absent. */
  readonly bmcNetworks?: Networks | undefined;
  /** Where BMCs may send events; anywhere but link-local if absent. */
  readonly eventNetworks?: Networks | undefined;
  /** The one directory that `redfish_verify_ca` may name files of. */
  readonly caDirectory?: string | undefined;
  /** What BMCs behind NAT call themselves in their links. */
  readonly aliases: OriginAliases;
  /** What `redfish_request` may send. */
  readonly requestAllow: RequestAllowList;
}

/**
 * Reads the drivers' part of the environment: FERRULE_BMC_NETWORKS, FERRULE_EVENT_NETWORKS,
 * FERRULE_REDFISH_CA_DIR, FERRULE_REDFISH_ALIASES and FERRULE_REDFISH_REQUEST_ALLOW, each also as KEY_FILE.
 *
 * @throws TypeError that names the variable and what is wrong in it
 */
export function redfishConfig(env: Readonly<Record<string, string | undefined>>): RedfishConfig {
  return {
    bmcNetworks: parsed(env, 'FERRULE_BMC_NETWORKS', parseNetworks),
    eventNetworks: parsed(env, 'FERRULE_EVENT_NETWORKS', parseNetworks),
    caDirectory: setting(env, 'FERRULE_REDFISH_CA_DIR'),
    aliases: parsed(env, 'FERRULE_REDFISH_ALIASES', parseAliases),
    requestAllow: parsed(env, 'FERRULE_REDFISH_REQUEST_ALLOW', (text) => RequestAllowList.parse(text)),
  };
}

function parsed<T>(
  env: Readonly<Record<string, string | undefined>>,
  key: string,
  parse: (text: string | undefined) => T,
): T {
  try {
    return parse(setting(env, key));
  } catch (error) {
    throw new TypeError(`${key}: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
}

/** An empty variable counts as one that is not set, as in the host's own configuration. */
function setting(env: Readonly<Record<string, string | undefined>>, key: string): string | undefined {
  const file = env[`${key}_FILE`];
  const text = file ? readFileSync(file, 'utf8').trim() : env[key]?.trim();
  return text === '' ? undefined : text;
}
