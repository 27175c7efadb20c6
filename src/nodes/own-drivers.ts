import { Inject, Injectable } from '@nestjs/common';
import { PROCESS, type ProcessDescription } from '../conductors/process-description.js';
import { type RosteredConductor, Roster } from '../conductors/roster/roster.js';
import { type Driver } from '../drivers/driver.js';
import { DriverRegistry } from '../drivers/driver.registry.js';
import { DriverUnknown } from '../drivers/errors.js';
import { ServedElsewhere } from '../forwarding/served-elsewhere.js';
import { ConductorAbsent } from './errors.js';
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

  /** @throws ServedElsewhere, NodeNotServed (404), ConductorAbsent, NoConductor (503) */
  ofNode(node: DrivenNode): Driver {
    this.assertHere(node);
    const { uuid, driver: name, conductorGroup: group } = node;
    assertServed(this.roster, { uuid, driver: name, group });
    return this.drivers.get(name);
  }

  /** @throws ServedElsewhere, DriverUnknown (404), ConductorAbsent (503): no live conductor has it. */
  named(name: string): Driver {
    this.assertNamedHere(name);
    if (this.roster.driver(name)) return this.drivers.get(name);
    if (this.roster.isAbsent({ driver: name })) throw new ConductorAbsent(name);
    throw new DriverUnknown(name);
  }

  /** Before what this process knows of the driver is used, such as its methods. @throws ServedElsewhere */
  assertHere({ uuid, driver, conductorGroup: group }: DrivenNode): void {
    if (group === this.own.group && this.drivers.find(driver)) return;
    forward(this.roster.conductorsFor({ driver, group }, uuid));
  }

  /** @throws ServedElsewhere */
  assertNamedHere(driver: string): void {
    if (!this.drivers.find(driver)) forward(this.roster.conductorsFor({ driver }, driver));
  }
}

function forward([first, ...others]: readonly RosteredConductor[]): void {
  if (first) throw new ServedElsewhere([first, ...others]);
}
