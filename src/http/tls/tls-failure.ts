export interface TlsPlaces {
  /** The setting that names the authorities to trust. */
  readonly ca: string;
  /** Where the name is that the certificate must be for. */
  readonly name: string;
}

const untrusted = ({ ca }: TlsPlaces) => `its certificate is not of an authority that ${ca} or Node trusts`;
const noTls = ({ name }: TlsPlaces) => `it does not speak https, which ${name} has`;

/** By the codes of Node and OpenSSL. */
const REASONS: Readonly<Record<string, (places: TlsPlaces) => string>> = {
  DEPTH_ZERO_SELF_SIGNED_CERT: untrusted,
  SELF_SIGNED_CERT_IN_CHAIN: untrusted,
  UNABLE_TO_GET_ISSUER_CERT: untrusted,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: untrusted,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: untrusted,
  CERT_HAS_EXPIRED: () => 'its certificate has expired',
  CERT_NOT_YET_VALID: () => 'its certificate is not valid yet',
  ERR_TLS_CERT_ALTNAME_INVALID: ({ name }) => `its certificate is for other names than that in ${name}`,
  ERR_SSL_WRONG_VERSION_NUMBER: noTls,
  ERR_SSL_PACKET_LENGTH_TOO_LONG: noTls,
};

/** In words for operators, if TLS is the reason why there is no connection. */
export function tlsFailure(error: unknown, places: TlsPlaces): Error | undefined {
  const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
  const reason = REASONS[code];
  return reason === undefined ? undefined : new Error(`${reason(places)} (${code})`);
}
