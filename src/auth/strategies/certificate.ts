import { type X509Certificate } from 'node:crypto';
import { TLSSocket } from 'node:tls';
import { type Request } from 'express';
import { type WatchedFile } from '../../files/watched-file.js';
import { type Callers } from '../files/callers-file.js';
import { type Recognition, Refusal, type Strategy } from './strategy.js';

/** Nobody can guess a certificate, so no answer is held back. */
const UNTRUSTED = 'The client certificate is not trusted';
const REVOKED = new Refusal(
  'a revoked client certificate',
  'The client certificate has been revoked',
  'none',
);
const UNKNOWN = new Refusal('an unknown client certificate', 'The client certificate is not known', 'none');
const EXPIRED = new Refusal('an expired client certificate', 'The client certificate has expired', 'none');

/** What was presented on a connection; verified once, at the handshake. */
type Presented =
  | { readonly subject: string; /** Milliseconds of the epoch. */ readonly validTo: number }
  | Refusal
  | undefined;

/** Client certificates that an authority of FERRULE_TLS_CLIENT_CA signed, by the subjects in a file. */
export class ClientCertificate implements Strategy {
  readonly name = 'certificate';
  readonly challenge = 'Certificate realm="Baremetal API"';
  readonly isOfConnection = true;
  private readonly presented = new WeakMap<TLSSocket, Presented>();

  constructor(private readonly callers: WatchedFile<Callers>) {}

  recognize({ socket }: Request): Recognition {
    if (!(socket instanceof TLSSocket)) return undefined;
    const presented = this.presentedOn(socket);
    if (presented === undefined || presented instanceof Refusal) return presented;
    // A connection may stay open for longer than the certificate is valid.
    if (Date.now() > presented.validTo) return EXPIRED;
    return this.callers.current.byCertificate.get(presented.subject) ?? UNKNOWN;
  }

  private presentedOn(socket: TLSSocket): Presented {
    if (this.presented.has(socket)) return this.presented.get(socket);
    const presented = readFrom(socket);
    this.presented.set(socket, presented);
    return presented;
  }
}

function readFrom(socket: TLSSocket): Presented {
  // A resumed session without a certificate counts as authorized.
  const certificate = socket.getPeerX509Certificate();
  if (certificate === undefined) return undefined;
  if (!socket.authorized) {
    if (codeOf(socket) === 'CERT_REVOKED') return REVOKED;
    const reason = `an untrusted client certificate (${codeOf(socket)})`;
    return new Refusal(reason, UNTRUSTED, 'none');
  }
  return { subject: subjectOf(certificate), validTo: Date.parse(certificate.validTo) };
}

/** For example `CRL_HAS_EXPIRED`; in the types of Node an error. */
function codeOf({ authorizationError }: TLSSocket): string {
  return String(authorizationError);
}

/**
 * For example `C=DE,O=Example,CN=rack7`, as OpenSSL shows it with `-nameopt RFC2253,-dn_rev,-esc_msb`: in the order of
 * the certificate, with the escapes of RFC 2253.
 */
export function subjectOf({ subject }: Pick<X509Certificate, 'subject'>): string {
  // Line breaks and plus signs in values are escaped.
  return subject.replaceAll('\n', ',').replaceAll(' + ', '+');
}
