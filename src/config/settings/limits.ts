import { defaulted, optional } from '../setting.js';
import { integer } from '../values.js';

export const limitSettings = {
  maxConnections: defaulted(
    integer(1, 1_000_000),
    '10000',
    'Maximum number of connections of clients; further ones are closed at once.',
  ),
  maxConnectionsPerAddress: defaulted(
    integer(1, 1_000_000),
    '1000',
    'Maximum number of connections from one address (IPv6: from one /64 network); further ones are closed at once. Loopback and FERRULE_TRUSTED_PROXIES have none.',
  ),
  requestRate: optional(
    integer(1, 1_000_000),
    'Requests a second that one caller, or one address without authentication, may send on average; those of ten seconds may come at once. The answer to more is 429. Without it: any number.',
  ),
};
