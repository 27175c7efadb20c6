const UNTRUSTED = 'its certificate is not of an authority that FERRULE_KEYSTONE_CA or Node trusts';

/** By the codes of Node and OpenSSL. */
const REASONS: Readonly<Record<string, string>> = {
  DEPTH_ZERO_SELF_SIGNED_CERT: UNTRUSTED,
  SELF_SIGNED_CERT_IN_CHAIN: UNTRUSTED,
  UNABLE_TO_GET_ISSUER_CERT: UNTRUSTED,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: UNTRUSTED,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: UNTRUSTED,
  CERT_HAS_EXPIRED: 'its certificate has expired',
  CERT_NOT_YET_VALID: 'its certificate is not valid yet',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for other names than that in FERRULE_KEYSTONE_URL',
  ERR_SSL_WRONG_VERSION_NUMBER: 'it does not speak https, which FERRULE_KEYSTONE_URL has',
  ERR_SSL_PACKET_LENGTH_TOO_LONG: 'it does not speak https, which FERRULE_KEYSTONE_URL has',
};

/** In words for operators, if TLS is the reason why there is no connection. */
export function tlsFailure(error: unknown): Error | undefined {
  const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
  const reason = REASONS[code];
  return reason === undefined ? undefined : new Error(`${reason} (${code})`);
}
