import { z } from 'zod';
import { defaulted, optional } from '../setting.js';
import { conductorGroup, hostName, originOrAddress, path } from '../values.js';

export const ROLES = ['all', 'api', 'conductor'] as const;
export type Role = (typeof ROLES)[number];

/** One that runs no jobs at all is an `api`, whatever it is called: so the versions before the roles said it. */
export function roleOf({
  role,
  conductorConcurrency,
}: {
  readonly role: Role;
  readonly conductorConcurrency: number;
}): Role {
  return conductorConcurrency === 0 ? 'api' : role;
}

/** The part of this process among several on one database. */
export const processSettings = {
  role: defaulted(
    z.enum(ROLES, `must be one of ${ROLES.join(', ')}`),
    'all',
    'What this process does: `api` answers requests and runs no jobs and no periodic methods, and may have no drivers; `all` and `conductor` do both, and `conductor` says that callers are to ask others.',
  ),
  conductorAddress: optional(
    originOrAddress,
    'Where other processes reach this one, to forward calls of its drivers: a URL such as `https://10.0.0.7:6385`, or an IP address, to which the scheme and the port of the service are added. Without it: the address that the service listens on, and none with `0.0.0.0`.',
  ),
  conductorCa: optional(
    path,
    'A PEM file of the authorities to trust for conductors whose address is https, instead of those of Node.',
  ),
  conductorCertName: optional(
    hostName,
    'The name that the certificates of conductors are for, if it is not the one in their addresses.',
  ),
  conductorGroup: defaulted(
    conductorGroup,
    '',
    'The group whose nodes this process serves: letters, digits and `._-`, in lower case. Without it: nodes that name none.',
    'none',
  ),
};
