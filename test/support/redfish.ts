import { type BmcServer, type JsonObject, type TaskScript } from '@ferrule/bmc-simulator';
import { type Answer, type Ask, type HttpClient } from './http-client.js';

export function driverInfoOf(bmc: BmcServer): Record<string, string> {
  return {
    redfish_address: bmc.address,
    redfish_username: bmc.username,
    redfish_password: bmc.password,
  };
}

/** Members of a node whose vendor interface has more than Ironic's methods. */
export const EXTENDED = { vendor_interface: 'redfish-extended' };

/** `driverInfo` overrides keys and drops those that are undefined. */
export async function createRedfishNode(
  http: HttpClient,
  bmc: BmcServer,
  driverInfo: Readonly<Record<string, unknown>> = {},
  members: Readonly<Record<string, unknown>> = {},
): Promise<string> {
  const node = { driver: 'redfish', driver_info: { ...driverInfoOf(bmc), ...driverInfo }, ...members };
  return (await http.post('/v1/nodes', node)).expect(201).json<{ uuid: string }>().uuid;
}

/** As gophercloud does: the method in the query, the arguments in a JSON body for every verb. */
export function passthru(
  http: HttpClient,
  verb: 'GET' | 'POST' | 'DELETE',
  node: string,
  method: string,
  args?: JsonObject,
  ask: Ask = {},
): Promise<Answer> {
  return http.send(verb, `/v1/nodes/${node}/vendor_passthru?method=${method}`, { json: args, ...ask });
}

export class HeldTask implements TaskScript {
  /** Seconds. */
  readonly retryAfter = 0;
  private isHeld = true;
  private reads = 0;

  /** One more at each poll, so that the task never ends. */
  get polls(): number {
    this.reads += 1;
    return this.isHeld ? this.reads + 1 : 0;
  }

  release(): void {
    this.isHeld = false;
  }
}
