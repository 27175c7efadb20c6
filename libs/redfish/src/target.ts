import { inspect, isDeepStrictEqual } from 'node:util';

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

  reveal(): string {
    return this.#password;
  }

  /** Whether another credential has the same user name and password. */
  equals(other: RedfishCredential): boolean {
    return this.username === other.username && this.#password === other.#password;
  }

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

/** A BMC as driver_info describes it. */
export interface RedfishTarget {
  /** Scheme, host and port: `https://bmc.example`. Never userinfo. */
  readonly origin: string;
  /** The path of the service root with a slash at its end: `/redfish/v1/`. */
  readonly root: string;
  /** The path of the ComputerSystem, where driver_info names it. */
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
  /** UUID of the node. When it comes with another credential, its old session is deleted. */
  readonly node?: string | undefined;
}

export function sameAccess(left: RedfishTarget, right: RedfishTarget): boolean {
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
