import { Host } from './host.js';
import { type StartHostOptions } from './options.js';

/**
 * Starts the real service in this process with the given drivers, a PostgreSQL of its own in a temporary folder, and a
 * free port of the loopback interface:
 *
 * ```ts
 * await using host = await startHost({ drivers: [AcmeDriver] });
 * const node = await host.node({ driver_info: { acme_address: bmc.address } });
 * const job = await host.callAndWait(node, 'flash_firmware', { image: 'https://…' });
 * ```
 *
 * @throws ConfigError naming every reason why the service cannot start
 */
export function startHost(options: StartHostOptions): Promise<Host> {
  return Host.start(options);
}
