import { Inject, Injectable } from '@nestjs/common';
import { PROCESS, type ProcessDescription } from '../conductors/process-description.js';
import { Roster } from '../conductors/roster.js';
import { type Driver } from '../drivers/driver.js';
import { DriverRegistry } from '../drivers/driver.registry.js';
import { DriverUnknown } from '../drivers/errors.js';
import { NodeNotServed } from './errors.js';
import { assertServed } from './served-drivers.js';

interface DrivenNode {
  readonly uuid: string;
  readonly driver: string;
  readonly conductorGroup: string;
}

/** What this process can run itself: it contacts the BMCs of its own conductor group, whatever its role is. */
@Injectable()
export class OwnDrivers {
  constructor(
    private readonly roster: Roster,
    private readonly drivers: DriverRegistry,
    @Inject(PROCESS) private readonly own: Pick<ProcessDescription, 'group'>,
  ) {}

  /** @throws NodeNotServed (404), NoConductor (503) */
  ofNode(node: DrivenNode): Driver {
    const { uuid, driver: name, conductorGroup: group } = node;
    assertServed(this.roster, { uuid, driver: name, group });
    const driver = group === this.own.group ? this.drivers.find(name) : undefined;
    if (driver) return driver;
    throw new NodeNotServed(uuid, name, group, this.drivers.names());
  }

  /** @throws DriverUnknown (404), also if no live conductor has it. */
  named(name: string): Driver {
    if (!this.roster.driver(name)) throw new DriverUnknown(name);
    return this.drivers.get(name);
  }
}
