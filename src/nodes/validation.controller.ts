import { INTERFACE_KINDS } from '@ferrule/driver-kit';
import { Controller, Get, UseFilters } from '@nestjs/common';
import { type z } from 'zod';
import { type ValidationResult } from '../drivers/driver.js';
import { Identity, type RequestIdentity } from '../auth/request-identity.js';
import { ForwardingFilter } from '../forwarding/forwarding.filter.js';
import { Microversion, NoQuery, QueryOf } from '../http/parameters.js';
import { interfaceField, overridingInterface } from './fields/node-interfaces.js';
import {
  type NodeReference,
  queriedReference,
  VALIDATE_QUERY,
  ValidatedIdent,
} from './record/node-reference.js';
import { OwnDrivers } from './own-drivers.js';
import { NodesService } from './record/nodes.service.js';
import { SecretsAtRest } from '../secrets/at-rest/secrets-at-rest.js';
import { passthruNode } from './record/passthru-node.js';

/** Ironic's answer has no vendor interface. */
const VALIDATED = INTERFACE_KINDS.filter((kind) => kind !== 'vendor');

type Validation = Record<string, ValidationResult>;

/** Without a lock and without contacting the BMC. */
@Controller('v1/nodes')
@UseFilters(ForwardingFilter)
export class ValidationController {
  constructor(
    private readonly nodes: NodesService,
    private readonly drivers: OwnDrivers,
    private readonly secrets: SecretsAtRest,
  ) {}

  @Get('validate')
  queried(
    @QueryOf(VALIDATE_QUERY) query: z.output<typeof VALIDATE_QUERY>,
    @Microversion() microversion: number,
    @Identity() identity: RequestIdentity,
  ): Promise<Validation> {
    return this.validate(queriedReference(query, microversion), identity);
  }

  @Get(':ident/validate')
  named(
    @ValidatedIdent() reference: NodeReference,
    @NoQuery() _query: unknown,
    @Identity() identity: RequestIdentity,
  ): Promise<Validation> {
    return this.validate(reference, identity);
  }

  private async validate(reference: NodeReference, identity: RequestIdentity): Promise<Validation> {
    const node = await this.nodes.get(reference, identity.caller, 'baremetal:node:validate');
    const interfaces = VALIDATED.map((kind) => {
      const name = overridingInterface(node.instance_info, kind) ?? node[interfaceField(kind)] ?? undefined;
      return [kind, name] as const;
    });
    const driver = this.drivers.ofNode({ ...node, conductorGroup: node.conductor_group });
    const subject = passthruNode(node, this.secrets);
    return driver.validateInterfaces(subject, identity, new Map(interfaces), subject.vendorInterface);
  }
}
