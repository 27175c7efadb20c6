import { Injectable, type PipeTransform } from '@nestjs/common';
import { type Request } from 'express';
import { Roster } from '../../conductors/roster/roster.js';
import { Policy } from '../../auth/policy/policy.js';
import { Links } from '../../http/links.js';
import { RequestItself } from '../../http/parameters.js';
import { SecretsAtRest } from '../../secrets/at-rest/secrets-at-rest.js';
import { type NodeRow } from '../node.js';
import { hiddenFields } from '../access/hidden-fields.js';
import { type NodeViewContext } from './node.view.js';

@Injectable()
class ViewContextPipe implements PipeTransform<Request, NodeViewContext> {
  constructor(
    private readonly links: Links,
    private readonly roster: Roster,
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
      conductorOf: ({ uuid, driver = '', conductor_group: group = '' }: NodeRow) =>
        this.roster.hostOf(uuid, { driver, group }) ?? null,
    };
  }
}

export const ViewContext = (): ParameterDecorator => RequestItself(ViewContextPipe);
