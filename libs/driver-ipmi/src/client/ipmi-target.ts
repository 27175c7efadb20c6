import { isIP } from 'node:net';
import { InvalidParameterValue, MissingParameterValue, type TaskNode } from '@ferrule/driver-kit';

type Info = TaskNode['driverInfo'];

export const PRIVILEGES = ['ADMINISTRATOR', 'CALLBACK', 'OPERATOR', 'USER'] as const;
const BRIDGINGS = ['single', 'dual', 'no'] as const;
/** Options of ipmitool by the keys of driver_info, in its order. */
const BRIDGE_OPTIONS = {
  single: ['ipmi_target_channel', 'ipmi_target_address'],
  dual: ['ipmi_target_channel', 'ipmi_target_address', 'ipmi_transit_channel', 'ipmi_transit_address'],
} as const;
const FLAGS = {
  ipmi_local_address: '-m',
  ipmi_transit_channel: '-B',
  ipmi_transit_address: '-T',
  ipmi_target_channel: '-b',
  ipmi_target_address: '-t',
} as const;
const DEFAULT_PORT = 623;
/** Bytes; ipmitool refuses more. */
const MOST_USERNAME = 16;
const MOST_PASSWORD = { lan: 16, lanplus: 20 };
const MOST_KEY = 20;
const HOST_NAME =
  /^(?=.{1,253}$)[a-z0-9_](?:[a-z0-9_-]{0,62}[a-z0-9_])?(?:\.[a-z0-9_](?:[a-z0-9_-]{0,62}[a-z0-9_])?)*\.?$/i;

/** How the BMC of a node is reached. */
export interface IpmiTarget {
  /** A name, or an address without brackets. */
  readonly host: string;
  readonly port: number;
  /** Interface of ipmitool: IPMI 1.5 or 2.0. */
  readonly protocol: 'lan' | 'lanplus';
  readonly username: string;
  readonly password: string;
  readonly privilege: (typeof PRIVILEGES)[number];
  /** Bytes in hexadecimal digits. */
  readonly kgKey: string | undefined;
  readonly cipherSuite: number | undefined;
  /** Options of ipmitool with their values. */
  readonly bridge: readonly string[];
}

/** @throws InvalidParameterValue or MissingParameterValue in Ironic's words, and never with a password */
export function ipmiTarget({ uuid, driverInfo: info }: Pick<TaskNode, 'uuid' | 'driverInfo'>): IpmiTarget {
  const host = textOf(info['ipmi_address']);
  if (host === '') {
    throw new MissingParameterValue(
      "Missing the following IPMI credentials in node's driver_info: ['ipmi_address'].",
    );
  }
  const address = host.replace(/^\[(.*)\]$/, '$1');
  if (isIP(address) === 0 && !HOST_NAME.test(address)) {
    throw new InvalidParameterValue(
      `Invalid IPMI address "${host}" for node ${uuid}. Must be a valid IP address or hostname.`,
    );
  }
  const protocol = protocolOf(info);
  return {
    host: address,
    port: portOf(info['ipmi_port']),
    protocol,
    username: limited(info, 'ipmi_username', MOST_USERNAME),
    password: limited(info, 'ipmi_password', MOST_PASSWORD[protocol]),
    privilege: privilegeOf(info['ipmi_priv_level']),
    kgKey: kgKeyOf(info['ipmi_hex_kg_key']),
    cipherSuite: cipherSuiteOf(info['ipmi_cipher_suite'], protocol),
    bridge: bridgeOf(info),
  };
}

/** Also of a number or boolean, which the command line client makes of a text; empty for none. */
function textOf(value: unknown): string {
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return typeof value === 'string'
    ? value
    : value === undefined || value === null
      ? ''
      : JSON.stringify(value);
}

/** Strict boolean words of Ironic; anything else counts as the default, true. */
const FALSE = ['0', 'f', 'false', 'off', 'n', 'no'];

/** Whether the BMC is told to keep the boot flags, which it would forget 60 s after they are set. */
export function keepsBootFlags(info: Info): boolean {
  return !FALSE.includes(textOf(info['ipmi_disable_boot_timeout']).trim().toLowerCase());
}

function protocolOf(info: Info): IpmiTarget['protocol'] {
  const text = textOf(info['ipmi_protocol_version']);
  // The command line client makes a number of 2.0.
  if (text === '' || text === '2.0' || text === '2') return 'lanplus';
  if (text === '1.5') return 'lan';
  throw new InvalidParameterValue(
    `Invalid IPMI protocol version value ${text}, the valid value can be one of 2.0, 1.5`,
  );
}

function portOf(value: unknown): number {
  const text = textOf(value);
  if (text === '') return DEFAULT_PORT;
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  if (port >= 1 && port <= 65_535) return port;
  throw new InvalidParameterValue(`ipmi_port "${text}" is not a valid port.`);
}

function limited(info: Info, key: 'ipmi_username' | 'ipmi_password', most: number): string {
  const text = textOf(info[key]);
  if (text.includes('\0')) throw new InvalidParameterValue(`The value of ${key} contains a NUL character.`);
  if (Buffer.byteLength(text) <= most) return text;
  throw new InvalidParameterValue(`The value of ${key} has more than ${most} bytes.`);
}

function privilegeOf(value: unknown): IpmiTarget['privilege'] {
  const text = textOf(value);
  const found = PRIVILEGES.find((privilege) => privilege === (text || 'ADMINISTRATOR'));
  if (found !== undefined) return found;
  throw new InvalidParameterValue(
    `Invalid privilege level value:${text}, the valid value can be one of ${PRIVILEGES.join(', ')}`,
  );
}

function kgKeyOf(value: unknown): string | undefined {
  const text = textOf(value);
  if (text === '') return undefined;
  const wrong = (what: string): InvalidParameterValue => new InvalidParameterValue(what);
  if (text.length % 2 !== 0) throw wrong('Number of ipmi_hex_kg_key characters is not even');
  if (!/^[0-9a-f]+$/i.test(text)) throw wrong('The value of ipmi_hex_kg_key is not hexadecimal');
  if (text.length > MOST_KEY * 2) throw wrong(`The value of ipmi_hex_kg_key has more than ${MOST_KEY} bytes`);
  // Zeros at the end change nothing, since ipmitool fills the key up with them.
  const key = text.replace(/(?:00)+$/, '');
  if (/^(?:..)*?00/.test(key)) {
    throw wrong(
      'The value of ipmi_hex_kg_key has a zero byte, so it can be given to ipmitool only in view of others',
    );
  }
  return key === '' ? undefined : key;
}

function cipherSuiteOf(value: unknown, protocol: IpmiTarget['protocol']): number | undefined {
  const text = textOf(value);
  if (text === '') return undefined;
  if (!/^\d{1,3}$/.test(text) || Number(text) > 255) {
    throw new InvalidParameterValue(`Invalid cipher suite ${text}, expected a number`);
  }
  if (protocol === 'lan') throw new InvalidParameterValue('Cipher suites cannot be used with IPMI 1.5');
  return Number(text);
}

function bridgeOf(info: Info): string[] {
  const text = textOf(info['ipmi_bridging']) || 'no';
  const bridging = BRIDGINGS.find((each) => each === text);
  if (bridging === undefined) {
    throw new InvalidParameterValue(
      `Invalid value for ipmi_bridging: ${text}, the valid value can be one of: ['single', 'dual', 'no']`,
    );
  }
  if (bridging === 'no') return [];
  const missing = BRIDGE_OPTIONS[bridging].filter((key) => textOf(info[key]) === '');
  if (missing.length > 0) {
    throw new MissingParameterValue(`[${missing.map((key) => `'${key}'`).join(', ')}] not provided`);
  }
  const keys = ['ipmi_local_address', ...BRIDGE_OPTIONS[bridging]] as const;
  return keys.flatMap((key) => (textOf(info[key]) === '' ? [] : [FLAGS[key], byteOf(info, key)]));
}

function byteOf(info: Info, key: keyof typeof FLAGS): string {
  const text = textOf(info[key]);
  const number = /^(?:0x[0-9a-f]{1,2}|0|[1-9]\d{0,2})$/i.test(text) ? Number(text) : NaN;
  if (number >= 0 && number <= 255) return text;
  throw new InvalidParameterValue(
    `Invalid value "${text}" set in driver_info/${key}: it must be a byte such as 0x20.`,
  );
}
