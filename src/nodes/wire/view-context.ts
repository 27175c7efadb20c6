import { Injectable, type PipeTransform } from '@nestjs/common';
import { type Request } from 'express';
import { DriverRegistry } from '../../drivers/driver.registry.js';
import { Policy } from '../../auth/policy/policy.js';
import { Links } from '../../http/links.js';
import { RequestItself } from '../../http/parameters.js';
import { SecretsAtRest } from '../../secrets/at-rest/secrets-at-rest.js';
import { type NodeRow } from '../node.js';
import { hiddenFields } from '../access/hidden-fields.js';
import { conductorOf } from '../served-drivers.js';
import { type NodeViewContext } from './node.view.js';

@Injectable()
class ViewContextPipe implements PipeTransform<Request, NodeViewContext> {
  constructor(
    private readonly links: Links,
    private readonly drivers: DriverRegistry,
    private readonly secrets: SecretsAtRest,
    private readonly policy: Policy,
  ) {}

  transform(request: Request): NodeViewContext {
    return {
      base: this.links.base(request),
      microversion: request.microversion,
      secrets: this.secrets,
      caller: request.caller,
      hiddenOf: (node) => hiddenFields(this.policy, request.caller, node),
      conductorOf: ({ driver, conductor_group: group }: NodeRow) =>
        conductorOf(this.drivers, driver ?? '', group ?? ''),
    };
  }
}

export const ViewContext = (): ParameterDecorator => RequestItself(ViewContextPipe);
