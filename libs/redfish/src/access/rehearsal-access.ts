import type { JsonObject } from '../json.js';
import type { RedfishMethod } from '../types.js';
import type { ClientAccess } from './client-access.js';

/** A request that would change something, as it would be sent. */
export interface RedfishChange {
  readonly method: Exclude<RedfishMethod, 'GET'>;
  /** The absolute path on the BMC. */
  readonly path: string;
  /** Of an upload: its parameters. */
  readonly body: JsonObject | undefined;
}

/** Called in place of sending; what it throws ends the call. */
export type OnChange = (change: RedfishChange) => never;

/** The same access, but only reads are sent, and logins. */
export function rehearsalAccess(access: ClientAccess, onChange: OnChange): ClientAccess {
  return {
    bmc: access.bmc,
    use: async (work) => access.use(work),
    scope: (options, method, path) => access.scope(options, method, path),
    open: (milliseconds, late, signal) => access.open(milliseconds, late, signal),
    root: async (options, isFresh) => access.root(options, isFresh),
    scrubber: (payload) => access.scrubber(payload),
    forPassword: async (work) => access.forPassword(async (other) => work(rehearsalAccess(other, onChange))),
    call: async (request, headers, payload) => {
      const { method } = request;
      if (method === 'GET') return access.call(request, headers, payload);
      const path = access.bmc.links.resolve(request.path);
      return onChange({ method, path, body: request.body ?? request.upload?.parameters });
    },
  };
}
