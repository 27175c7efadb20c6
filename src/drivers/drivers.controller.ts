import { Controller, Get, Param, Req } from '@nestjs/common';
import { type Request } from 'express';
import { BadRequest } from '../http/errors.js';
import { Links } from '../http/links.js';
import { listed } from '../http/listed.js';
import { type ParameterTable, Query } from '../http/query/query.js';
import { type Driver, DriverNotFound } from './driver.js';
import { DriverRegistry } from './driver.registry.js';
import { DRIVER_FIELDS, type DriverView, driverView } from './driver.view.js';
import { Listing } from '../openapi/listing.js';
import { DRIVERS_LISTING } from './drivers.docs.js';

const LIST_PARAMETERS: ParameterTable = { type: 30, detail: 30, fields: 77 };
const SHOW_PARAMETERS: ParameterTable = { fields: 77 };

/** The enabled hardware types. */
@Controller('v1/drivers')
export class DriversController {
  constructor(
    private readonly drivers: DriverRegistry,
    private readonly links: Links,
  ) {}

  @Listing(DRIVERS_LISTING)
  @Get()
  list(@Req() request: Request): { drivers: DriverView[] } {
    const query = Query.of(request);
    query.check(LIST_PARAMETERS, request.microversion);
    const fields = fieldsOf(query, request.microversion);
    const isDetailed = query.boolean('detail') ?? false;
    if (isDetailed && fields) throw new BadRequest("Can't fetch a subset of fields with 'detail' set.");
    const shown = isOfType(query) ? this.drivers.names().map((name) => this.drivers.get(name)) : [];
    return { drivers: shown.map((driver) => this.view(driver, request, fields, isDetailed)) };
  }

  @Get(':driver')
  show(@Req() request: Request, @Param('driver') name: string): DriverView {
    const query = Query.of(request);
    query.check(SHOW_PARAMETERS, request.microversion);
    const fields = fieldsOf(query, request.microversion);
    const driver = this.drivers.find(name);
    if (!driver) throw new DriverNotFound(name, this.drivers.names());
    return this.view(driver, request, fields, true);
  }

  @Get(':driver/properties')
  properties(@Req() request: Request, @Param('driver') name: string): Readonly<Record<string, string>> {
    Query.of(request).check({}, request.microversion);
    return this.drivers.get(name).properties;
  }

  private view(
    driver: Driver,
    request: Request,
    fields: readonly string[] | undefined,
    isDetailed: boolean,
  ): DriverView {
    return driverView(driver, {
      hosts: this.drivers.hosts,
      base: this.links.base(request),
      microversion: request.microversion,
      fields,
      isDetailed,
    });
  }
}

/** All drivers are dynamic; the classic ones are history, and only the filter knows them. */
function isOfType(query: Query): boolean {
  const type = query.text('type');
  if (type === undefined || type === 'dynamic') return true;
  if (type === 'classic') return false;
  throw new BadRequest(`Invalid type: '${type}'; it is 'classic' or 'dynamic'.`);
}

function fieldsOf(query: Query, microversion: number): string[] | undefined {
  const fields = query.list('fields');
  const unknown = fields?.filter((field) => (DRIVER_FIELDS.get(field) ?? Infinity) > microversion) ?? [];
  if (unknown.length === 0) return fields;
  throw new BadRequest(`Field(s) "${listed(unknown)}" are not valid.`);
}
