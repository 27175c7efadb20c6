import { inspect, isDeepStrictEqual } from 'node:util';
import { RedfishTargetError } from './errors.js';

/** How to authenticate: `auto` prefers a session and falls back to basic where there is no session service. */
export type RedfishAuthType = 'basic' | 'session' | 'auto';

/** The least TLS version to accept. */
export type RedfishTlsVersion = '1.1' | '1.2' | '1.3';

/** A user name and a password; the password is not shown when logged, inspected or turned into JSON. */
export class RedfishCredential {
  readonly #password: string;

  constructor(
    readonly username: string,
    password: string,
  ) {
    this.#password = password;
  }

  /** The password, in clear. */
  reveal(): string {
    return this.#password;
  }

  /** Whether another credential has the same user name and password. */
  equals(other: RedfishCredential): boolean {
    return this.username === other.username && this.#password === other.#password;
  }

  /** @internal */
  [inspect.custom](): string {
    return `RedfishCredential(${this.username})`;
  }
}

/** Limits for one BMC; those that are absent are the pool's. */
export interface RedfishTuning {
  /** Milliseconds, as in the timeouts of the pool. */
  readonly connect?: number;
  readonly firstByte?: number;
  readonly total?: number;
  readonly task?: number;
  /** Including the first. */
  readonly attempts?: number;
  /** Concurrent requests. The nodes of one BMC should have the same. */
  readonly sockets?: number;
}

/** How to reach one BMC. Everything has a default. */
export interface RedfishAccess {
  /** Without a user name the requests carry no credentials. */
  readonly username?: string | undefined;
  readonly password?: string | undefined;
  /** Default: `auto`. */
  readonly auth?: RedfishAuthType | undefined;
  /** Certificates in PEM to trust instead of those of Node. */
  readonly ca?: string | readonly string[] | undefined;
  /** `false` trusts any certificate. Default: `true`. */
  readonly verify?: boolean | undefined;
  readonly minVersion?: RedfishTlsVersion | undefined;
  /** As in OpenSSL's cipher lists. */
  readonly ciphers?: string | undefined;
  /** The path of the ComputerSystem that `system()` reads. Default: the only one. */
  readonly systemId?: string | undefined;
  /** Limits of this BMC. Default: those of the pool. */
  readonly tuning?: RedfishTuning | undefined;
  /** Who uses the BMC, if several do: when the same owner comes with another credential, its old session is deleted. */
  readonly owner?: string | undefined;
}

/** A BMC and how to reach it, checked. `redfishTarget` makes one. */
export interface RedfishTarget {
  /** Scheme, host and port: `https://bmc.example`. Never userinfo. */
  readonly origin: string;
  /** The path of the service root with a slash at its end: `/redfish/v1/`. */
  readonly root: string;
  /** The path of the ComputerSystem, if it was named. */
  readonly systemId?: string | undefined;
  readonly credential?: RedfishCredential | undefined;
  readonly authType: RedfishAuthType;
  readonly tls: {
    readonly verify: boolean;
    /** Certificates in PEM to trust instead of the system's. */
    readonly ca?: string | undefined;
    readonly minVersion?: RedfishTlsVersion | undefined;
    readonly ciphers?: string | undefined;
  };
  readonly tuning?: RedfishTuning | undefined;
  /** When the same owner comes with another credential, its old session is deleted. */
  readonly owner?: string | undefined;
}

const DEFAULT_ROOT = '/redfish/v1/';

/**
 * Checks an address and options; sends nothing. A path in the address replaces `/redfish/v1/` as the service root.
 *
 * @param address an absolute URL: `https://bmc.example` or `http://192.0.2.1:8000/`
 * @throws RedfishTargetError; its message does not show credentials
 */
export function redfishTarget(address: string | URL, access: RedfishAccess = {}): RedfishTarget {
  const { username, password, auth = 'auto', verify = true, minVersion, ciphers } = access;
  const { systemId, tuning, owner } = access;
  const { origin, pathname } = addressOf(address);
  const root = pathname.replace(/\/*$/, '/');
  if (username === undefined && password !== undefined) {
    throw new RedfishTargetError('A password without a user name cannot be used.');
  }
  const ca = typeof access.ca === 'string' ? access.ca : access.ca?.join('\n');
  if (ca !== undefined && !ca.includes('-----BEGIN CERTIFICATE-----')) {
    throw new RedfishTargetError('The option ca has no certificate in PEM.', { option: 'ca' });
  }
  return {
    origin,
    root: root === '/' ? DEFAULT_ROOT : root,
    systemId,
    credential: username === undefined ? undefined : new RedfishCredential(username, password ?? ''),
    authType: auth,
    tls: { verify, ca, minVersion, ciphers },
    tuning,
    owner,
  };
}

function addressOf(address: string | URL): URL {
  const text = String(address);
  if (!/^https?:\/\/[^/?#]/i.test(text) || !URL.canParse(text)) {
    const shown = text.replace(/^(https?:\/\/)?.*@/is, '$1***@');
    throw new RedfishTargetError(`"${shown}" is not the address of a BMC, such as https://bmc.example.`);
  }
  const url = new URL(text);
  if (url.username !== '' || url.password !== '') {
    throw new RedfishTargetError(
      'The address of a BMC may not have a user; use the options for credentials.',
    );
  }
  if (url.search !== '' || url.hash !== '') {
    throw new RedfishTargetError(`The address ${url.origin} may have a path, but no query or fragment.`);
  }
  return url;
}

export function sameAccess(left: RedfishTarget, right: RedfishTarget): boolean {
  if (left === right) return true;
  return (
    left.origin === right.origin &&
    left.root === right.root &&
    left.authType === right.authType &&
    left.tls.verify === right.tls.verify &&
    left.tls.ca === right.tls.ca &&
    left.tls.minVersion === right.tls.minVersion &&
    left.tls.ciphers === right.tls.ciphers &&
    isDeepStrictEqual(left.tuning ?? {}, right.tuning ?? {}) &&
    sameCredential(left.credential, right.credential)
  );
}

function sameCredential(left: RedfishCredential | undefined, right: RedfishCredential | undefined): boolean {
  return left === undefined || right === undefined ? left === right : left.equals(right);
}
