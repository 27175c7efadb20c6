import { Controller, Get, Param } from '@nestjs/common';
import { type z } from 'zod';
import { type Caller } from '../auth/caller.js';
import { Policy } from '../auth/policy/policy.js';
import { CallerOf } from '../auth/request-identity.js';
import { Roster } from '../conductors/roster/roster.js';
import { type ServedDriver } from '../conductors/roster/served-driver.js';
import { BadRequest } from '../http/errors.js';
import { listed } from '../text/listed.js';
import { LinkBase, Microversion, NoQuery, QueryOf } from '../http/parameters.js';
import { Listing } from '../openapi/listing.js';
import { DRIVER_FIELDS, type DriverView, driverView } from './driver.view.js';
import { DRIVER_QUERY, DRIVERS_LISTING, DRIVERS_QUERY } from './drivers.docs.js';
import { DriverNotFound, DriverUnknown } from './errors.js';

@Controller('v1/drivers')
export class DriversController {
  constructor(
    private readonly roster: Roster,
    private readonly policy: Policy,
  ) {}

  @Listing(DRIVERS_LISTING)
  @Get()
  list(
    @CallerOf() caller: Caller,
    @QueryOf(DRIVERS_QUERY) { type, detail, fields }: z.output<typeof DRIVERS_QUERY>,
    @Microversion() microversion: number,
    @LinkBase() base: string,
  ): { drivers: DriverView[] } {
    this.policy.assert(caller, 'baremetal:driver:get');
    assertFields(fields, microversion);
    if (detail && fields) throw new BadRequest("Can't fetch a subset of fields with 'detail' set.");
    // Ironic no longer has classic drivers.
    const shown = type === 'classic' ? [] : this.roster.drivers();
    const options = { base, microversion, fields, isDetailed: detail };
    return { drivers: shown.map((driver) => driverView(driver, options)) };
  }

  @Get(':driver')
  show(
    @CallerOf() caller: Caller,
    @Param('driver') name: string,
    @QueryOf(DRIVER_QUERY) { fields }: z.output<typeof DRIVER_QUERY>,
    @Microversion() microversion: number,
    @LinkBase() base: string,
  ): DriverView {
    this.policy.assert(caller, 'baremetal:driver:get');
    assertFields(fields, microversion);
    const options = { base, microversion, fields, isDetailed: true };
    return driverView(this.get(name), options);
  }

  @Get(':driver/properties')
  properties(
    @CallerOf() caller: Caller,
    @Param('driver') name: string,
    @NoQuery() _query: unknown,
  ): Readonly<Record<string, string>> {
    this.policy.assert(caller, 'baremetal:driver:get_properties');
    const driver = this.roster.driver(name);
    if (!driver) throw new DriverUnknown(name);
    return driver.properties;
  }

  private get(name: string): ServedDriver {
    const driver = this.roster.driver(name);
    if (driver) return driver;
    throw new DriverNotFound(
      name,
      this.roster.drivers().map((each) => each.name),
    );
  }
}

function assertFields(fields: readonly string[] | undefined, microversion: number): void {
  const unknown = fields?.filter((field) => (DRIVER_FIELDS.get(field) ?? Infinity) > microversion) ?? [];
  if (unknown.length > 0) throw new BadRequest(`Field(s) "${listed(unknown)}" are not valid.`);
}
