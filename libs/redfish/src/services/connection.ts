import { RedfishClient } from './client.js';
import { RedfishPool } from './pool.js';
import type { RedfishPoolOptions } from '../options.js';
import { redfishTarget, type RedfishAccess } from '../target.js';
import type { CallOptions } from '../types.js';

/** Options of `connect`. */
export interface ConnectOptions extends RedfishAccess, RedfishPoolOptions, Pick<CallOptions, 'signal'> {}

/** A client with a pool of its own. Closing it deletes the session and closes the sockets. */
export class RedfishConnection extends RedfishClient implements AsyncDisposable {
  readonly #pool: RedfishPool;

  /** @internal made by `connect` */
  constructor(pool: RedfishPool, client: RedfishClient) {
    super(client.target, client.access);
    this.#pool = pool;
  }

  /** Aborts what runs with a RedfishClosedError and logs out. Never rejects. */
  async close(): Promise<void> {
    await this.#pool.close();
  }

  /** As `close`; for `await using`. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}

/**
 * A client for one BMC, once its service root was read. The login follows with the first request that needs one. For
 * many BMCs use a `RedfishPool`.
 *
 * ```ts
 * await using bmc = await connect('https://bmc.example', { username: 'admin', password, ca });
 * console.log((await bmc.system()).body['PowerState']);
 * ```
 *
 * @param address an absolute URL; a path in it replaces `/redfish/v1/` as the service root
 * @throws RedfishTargetError for an address or options that cannot be used
 * @throws RedfishConnectionError, RedfishTimeoutError, RedfishResponseError if there is no Redfish service
 */
export async function connect(
  address: string | URL,
  options: ConnectOptions = {},
): Promise<RedfishConnection> {
  const target = redfishTarget(address, options);
  const pool = new RedfishPool(options);
  try {
    const connection = new RedfishConnection(pool, pool.client(target));
    await connection.root({ signal: options.signal });
    return connection;
  } catch (error) {
    await pool.close();
    throw error;
  }
}
