import { type Request } from 'express';
import { header } from '../../http/request.js';

/**
 * What clients of OpenStack send when they have no token (`none` of keystoneauth), for example beside a client
 * certificate.
 */
const NO_TOKEN = 'notused';

/** The token of `X-Auth-Token`, which clients of OpenStack send. */
export function authTokenOf(request: Request): string | undefined {
  const token = header(request, 'x-auth-token');
  return token === NO_TOKEN ? undefined : token;
}
