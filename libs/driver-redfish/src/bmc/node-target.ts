import { InvalidParameterValue, MissingParameterValue } from '@ferrule/driver-kit';
import {
  RedfishCredential,
  type RedfishAuthType,
  type RedfishTarget,
  type RedfishTlsVersion,
  type RedfishTuning,
} from '@ferrule/redfish';
import { type CaDirectory, trustOf } from '../ca-directory.js';

export interface NodeTargetOptions {
  /** UUID of the node: for messages, and to notice that a node's credential has changed. */
  readonly nodeUuid?: string | undefined;
  /** The only directory `redfish_verify_ca` may name files of. No path is accepted if it is absent. */
  readonly caDirectory?: CaDirectory | undefined;
  /** Values for absent keys; without them: verify, `auto`, and the TLS version of the runtime. */
  readonly defaults?:
    | {
        readonly verifyCa?: boolean | string | undefined;
        readonly authType?: RedfishAuthType | undefined;
        readonly tlsMinimumVersion?: RedfishTlsVersion | undefined;
      }
    | undefined;
}

const AUTH_TYPES: readonly RedfishAuthType[] = ['basic', 'session', 'auto'];
const TLS_VERSIONS: readonly RedfishTlsVersion[] = ['1.1', '1.2', '1.3'];
const SCHEME = /^[a-z][a-z0-9+.-]*:\/\//i;
const DEFAULT_ROOT = '/redfish/v1/';

interface Address {
  readonly origin: string;
  readonly root: string;
  readonly username: string;
  readonly password: string;
}

/**
 * Reads the `redfish_*` keys of a node's driver_info and ignores all other keys. Sends nothing. Checks what Ironic
 * checks, in its order and wording, and stops at the first failure: missing keys, address, system id, verify_ca, auth
 * type, TLS version, and then the limits that Ironic does not have.
 *
 * @throws MissingParameterValue or InvalidParameterValue; the message contains no secret
 */
export function nodeTarget(
  driverInfo: Readonly<Record<string, unknown>>,
  options: NodeTargetOptions = {},
): RedfishTarget {
  const node = options.nodeUuid ?? 'None';
  const address = addressOf(driverInfo['redfish_address'], node);
  const systemId = systemIdOf(driverInfo['redfish_system_id'], address, node);
  const verifyCa = driverInfo['redfish_verify_ca'] ?? options.defaults?.verifyCa ?? true;
  const trust = trustOf(verifyCa, options.caDirectory, node);
  const authType = oneOf(
    driverInfo['redfish_auth_type'] ?? options.defaults?.authType ?? 'auto',
    AUTH_TYPES,
    (value) =>
      `Invalid value "${value}" set in driver_info/redfish_auth_type on node ${node}. ` +
      'The value should be one of "basic", "session" or "auto".',
  );
  const tlsVersion = driverInfo['redfish_tls_minimum_version'] ?? options.defaults?.tlsMinimumVersion;
  const minVersion =
    tlsVersion === undefined
      ? undefined
      : oneOf(
          // The command line client reads 1.2 as a number.
          typeof tlsVersion === 'number' ? String(tlsVersion) : tlsVersion,
          TLS_VERSIONS,
          (value) =>
            `Invalid value "${value}" set in driver_info/redfish_tls_minimum_version on node ${node}. ` +
            'The value should be one of "1.1", "1.2", or "1.3".',
        );
  return {
    origin: address.origin,
    root: address.root,
    systemId,
    credential: credentialOf(driverInfo, address),
    authType,
    tls: { ...trust, minVersion, ciphers: wordOf(driverInfo['redfish_tls_ciphers']) },
    tuning: tuningOf(driverInfo, node),
    owner: options.nodeUuid,
  };
}

function invalid(message: string): InvalidParameterValue {
  return new InvalidParameterValue(message);
}

/** A value for a message: userinfo is masked, and in a text that is not a URL anything before an at sign. */
function shown(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? String(value));
  const at = text.lastIndexOf('@');
  if (at < 0) return text;
  const scheme = SCHEME.exec(text)?.[0] ?? '';
  return `${scheme}***${text.slice(at)}`;
}

function addressOf(value: unknown, node: string): Address {
  if (value === undefined || value === null || value === '') {
    throw new MissingParameterValue(
      `Missing the following Redfish properties in node ${node} driver_info: ['redfish_address']`,
    );
  }
  const wrong = (): InvalidParameterValue =>
    invalid(`Invalid Redfish address ${shown(value)} set in driver_info/redfish_address on node ${node}`);
  if (typeof value !== 'string' || /[\s\\]/.test(value)) throw wrong();
  const text = withScheme(value);
  if (!/^https?:\/\/[^/?#]/i.test(text) || !URL.canParse(text)) throw wrong();
  const url = new URL(text);
  if (url.hostname === '') throw wrong();
  const path = url.pathname.replace(/\/*$/, '/');
  return {
    origin: url.origin,
    root: path === '/' ? DEFAULT_ROOT : path,
    username: decoded(url.username),
    password: decoded(url.password),
  };
}

function withScheme(address: string): string {
  if (SCHEME.test(address)) return address;
  const isBareIpv6 = /^[0-9a-f:.]*:[0-9a-f:.]*:[0-9a-f:.]*$/i.test(address);
  return `https://${isBareIpv6 ? `[${address}]` : address}`;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Percent-encodes what needs it; unlike Ironic, keeps existing escapes. */
function systemIdOf(value: unknown, { origin, root }: Address, node: string): string | undefined {
  if (value === undefined || value === null || value === '') return undefined;
  const wrong = (): InvalidParameterValue =>
    invalid(
      `Invalid value "${shown(value)}" set in driver_info/redfish_system_id on node ${node}. ` +
        'The value should be a path (string) to the resource that the driver will interact with. ' +
        'For example: /redfish/v1/Systems/1',
    );
  if (typeof value !== 'string' || /\p{Surrogate}/u.test(value)) throw wrong();
  const quoted = value.replace(/%(?![0-9a-f]{2})|[^A-Za-z0-9_.\-~/%]/gi, (char) =>
    char === ':' || char === '@' ? char : encodeURIComponent(char),
  );
  if (!URL.canParse(quoted, origin + root)) throw wrong();
  const url = new URL(quoted.startsWith('redfish/') ? `/${quoted}` : quoted, origin + root);
  if (url.origin !== origin || url.username !== '') throw wrong();
  return url.pathname;
}

function oneOf<T extends string>(value: unknown, words: readonly T[], message: (value: string) => string): T {
  const found = words.find((word) => word === value);
  if (found === undefined) throw invalid(message(shown(value)));
  return found;
}

/** Keys that Ironic does not have: the limits of one BMC, times in seconds. */
const LIMITS = [
  ['connect', 'redfish_connect_timeout', 1000, 600],
  ['firstByte', 'redfish_response_timeout', 1000, 3_600],
  ['total', 'redfish_call_timeout', 1000, 3_600],
  ['task', 'redfish_task_timeout', 1000, 86_400],
  ['attempts', 'redfish_attempts', 1, 20],
  ['sockets', 'redfish_sockets', 1, 8],
] as const;

function tuningOf(driverInfo: Readonly<Record<string, unknown>>, node: string): RedfishTuning | undefined {
  const tuning = LIMITS.flatMap(([name, key, unit, most]) => {
    const value = driverInfo[key];
    if (value === undefined || value === null || value === '') return [];
    const number = typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value;
    if (typeof number === 'number' && Number.isInteger(number) && number >= 1 && number <= most) {
      return [[name, number * unit]];
    }
    throw invalid(
      `Invalid value "${shown(value)}" set in driver_info/${key} on node ${node}. ` +
        `The value should be a whole number from 1 to ${most}.`,
    );
  });
  return tuning.length === 0 ? undefined : (Object.fromEntries(tuning) as RedfishTuning);
}

function credentialOf(
  driverInfo: Readonly<Record<string, unknown>>,
  address: Address,
): RedfishCredential | undefined {
  const username = wordOf(driverInfo['redfish_username']);
  const password = wordOf(driverInfo['redfish_password']);
  if (username !== undefined) return new RedfishCredential(username, password ?? '');
  if (address.username === '') return undefined;
  return new RedfishCredential(address.username, password ?? address.password);
}

/** A string, also if the command line client turned it into a number or boolean. */
function wordOf(value: unknown): string | undefined {
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return typeof value === 'string' && value !== '' ? value : undefined;
}
