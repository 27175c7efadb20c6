import { type JsonObject } from '@ferrule/driver-kit';
import { BadRequest, NotAcceptable } from '../http/errors.js';
import { macOf } from '../http/query/mac.js';
import { listed } from '../text/listed.js';

const MANDATORY = ['switch_id', 'port_id'];
const OF_SMART_NIC = ['port_id', 'hostname'];
const KNOWN: ReadonlySet<string> = new Set([...MANDATORY, ...OF_SMART_NIC, 'switch_info', 'network_type']);
const NETWORK_TYPES = ['managed', 'unmanaged'];
/** N of the 1.N that introduced `network_type`. */
const NETWORK_TYPE_SINCE = 64;
/** Of a switch that speaks OpenFlow. */
const DATAPATH = /^(?:0x)?[0-9a-f]{16}$/;

/** `local_link_connection`: to which port of which switch. @throws BadRequest (400), NotAcceptable (406) */
export function checkLinkConnection(link: JsonObject, isSmartNic: boolean, microversion: number): void {
  const names = Object.keys(link);
  if (names.includes('network_type') && microversion < NETWORK_TYPE_SINCE) {
    throw NotAcceptable.before('local_link_connection/network_type', NETWORK_TYPE_SINCE);
  }
  if (isSmartNic && !hasAll(link, OF_SMART_NIC)) {
    throw new BadRequest(
      `The local_link_connection of a port with is_smartnic needs ${OF_SMART_NIC.join(' and ')}.`,
    );
  }
  if (names.length === 0) return;
  const unknown = names.filter((name) => !KNOWN.has(name));
  if (unknown.length > 0) {
    throw new BadRequest(
      `Invalid local_link_connection: it has ${listed(unknown)}; known are ${[...KNOWN].join(', ')}.`,
    );
  }
  const type = link['network_type'];
  if (type !== undefined && !NETWORK_TYPES.some((known) => known === type)) {
    throw new BadRequest(`Invalid local_link_connection: network_type is ${NETWORK_TYPES.join(' or ')}.`);
  }
  if (type === 'unmanaged') return;
  if (!hasAll(link, MANDATORY) && !hasAll(link, OF_SMART_NIC)) {
    throw new BadRequest(`Invalid local_link_connection: it needs ${MANDATORY.join(' and ')}.`);
  }
  checkSwitchId(link['switch_id']);
}

function checkSwitchId(id: unknown): void {
  if (id === undefined) return;
  const isKnown = typeof id === 'string' && (macOf(id) !== undefined || DATAPATH.test(id.toLowerCase()));
  if (!isKnown) {
    throw new BadRequest(
      'Invalid local_link_connection: switch_id is a MAC address or an OpenFlow datapath id.',
    );
  }
}

function hasAll(link: JsonObject, names: readonly string[]): boolean {
  return names.every((name) => (link[name] ?? '') !== '');
}
