import { Injectable } from '@nestjs/common';
import { type Request } from 'express';
import { DriverRegistry } from '../../drivers/driver.registry.js';
import { Links } from '../../http/links.js';
import { conductorOf } from '../fields/node-interfaces.js';
import { type NodeRow } from '../node.js';
import { type NodeViewContext } from './node.view.js';

/** What a request's answers about nodes depend on. */
@Injectable()
export class NodeViews {
  constructor(
    private readonly links: Links,
    private readonly drivers: DriverRegistry,
  ) {}

  context(request: Request): NodeViewContext {
    return {
      base: this.links.base(request),
      microversion: request.microversion,
      conductorOf: ({ driver, conductor_group: group }: NodeRow) =>
        conductorOf(this.drivers, driver ?? '', group ?? ''),
    };
  }
}
