import { type TaskNode } from '@ferrule/driver-kit';
import { type RedfishTarget } from '@ferrule/redfish';

type DriverInfo = TaskNode['driverInfo'];

const MOST = 1_000;

/** The targets of nodes that were used last. A call asks several times, each time with a copy of the node. */
export class RecentTargets {
  readonly #known = new Map<string, { readonly driverInfo: DriverInfo; readonly target: RedfishTarget }>();

  /** Undefined also if the driver_info has changed. */
  get({ uuid, driverInfo }: TaskNode): RedfishTarget | undefined {
    const known = this.#known.get(uuid);
    return known !== undefined && isSame(known.driverInfo, driverInfo) ? known.target : undefined;
  }

  keep({ uuid, driverInfo }: TaskNode, target: RedfishTarget): void {
    // Its file is read again from time to time.
    if (target.tls.ca !== undefined) return;
    this.#known.delete(uuid);
    this.#known.set(uuid, { driverInfo: { ...driverInfo }, target });
    const [oldest = uuid] = this.#known.keys();
    if (this.#known.size > MOST) this.#known.delete(oldest);
  }
}

/** Of texts, numbers and the like: an object or a list counts as changed. */
function isSame(known: DriverInfo, given: DriverInfo): boolean {
  const names = Object.keys(given);
  return (
    names.length === Object.keys(known).length &&
    names.every((name) => Object.hasOwn(known, name) && known[name] === given[name])
  );
}
