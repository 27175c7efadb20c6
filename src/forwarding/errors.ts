import { FerruleError } from '@ferrule/driver-kit';
import { listed } from '../text/listed.js';

/** 503: no conductor has got the request, so nothing was done. `Retry-After` has the seconds. */
export class NoConductorReached extends FerruleError {
  readonly code = 'TemporaryFailure';
  readonly status = 503;
  /** @param hostnames of those that were asked. */
  constructor(hostnames: readonly string[]) {
    super(
      `No conductor that has the driver could take the call; asked: ${listed(hostnames)}. Please retry; the log of ` +
        'this process says why.',
    );
  }

  override get headers(): Readonly<Record<string, string>> {
    return { 'Retry-After': '5' };
  }
}

const DOUBT =
  'Whether it was made is not known: look at the node, its jobs and the fleet calls before you repeat it. What only ' +
  'reads, a dry run, and a call with an Idempotency-Key and the same key can be repeated';

/** 502: the conductor got the request and did not answer. */
export class ConductorDisconnected extends FerruleError {
  readonly code = 'ConductorDisconnected';
  readonly status = 502;
  constructor(hostname: string) {
    super(`The connection to conductor ${hostname}, which got the call, broke before its answer. ${DOUBT}.`);
  }
}

/** 504: the conductor got the request and is silent, its lease has ended, or this process stops. */
export class ConductorSilent extends FerruleError {
  readonly code = 'ConductorSilent';
  readonly status = 504;
  constructor(hostname: string) {
    super(`Conductor ${hostname}, which got the call, has not answered. ${DOUBT}.`);
  }
}

/** 421: the request was forwarded to a process that cannot run it; nothing was done. */
export class Misdirected extends FerruleError {
  readonly code = 'Misdirected';
  readonly status = 421;
  constructor(reason: string) {
    super(`A forwarded call came to a process that ${reason}.`);
  }
}

/** 501: a certificate proves who holds the connection on which it was presented, and to nobody else. */
export class CertificateNotForwarded extends FerruleError {
  readonly code = 'CertificateNotForwarded';
  readonly status = 501;
  constructor() {
    super(
      'A conductor must make this call, and callers that are known by a client certificate cannot be forwarded. ' +
        'Send a token or a password, or ask a process that has the driver.',
    );
  }
}
