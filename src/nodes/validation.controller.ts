import { INTERFACE_KINDS } from '@ferrule/driver-kit';
import { Controller, Get } from '@nestjs/common';
import { type z } from 'zod';
import { type ValidationResult } from '../drivers/driver.js';
import { DriverRegistry } from '../drivers/driver.registry.js';
import { Microversion, NoQuery, QueryOf } from '../http/parameters.js';
import { interfaceField, overridingInterface } from './fields/node-interfaces.js';
import { type NodeReference, queriedReference, VALIDATE_QUERY, ValidatedIdent } from './node-reference.js';
import { NodesService } from './nodes.service.js';
import { PassthruNodes } from './passthru-nodes.js';
import { driverOfNode } from './served-drivers.js';

/** Ironic's answer has no vendor interface. */
const VALIDATED = INTERFACE_KINDS.filter((kind) => kind !== 'vendor');

type Validation = Record<string, ValidationResult>;

/** Without a lock and without contacting the BMC. */
@Controller('v1/nodes')
export class ValidationController {
  constructor(
    private readonly nodes: NodesService,
    private readonly passthruNodes: PassthruNodes,
    private readonly drivers: DriverRegistry,
  ) {}

  @Get('validate')
  queried(
    @QueryOf(VALIDATE_QUERY) query: z.output<typeof VALIDATE_QUERY>,
    @Microversion() microversion: number,
  ): Promise<Validation> {
    return this.validate(queriedReference(query, microversion));
  }

  @Get(':ident/validate')
  named(@ValidatedIdent() reference: NodeReference, @NoQuery() _query: unknown): Promise<Validation> {
    return this.validate(reference);
  }

  private async validate(reference: NodeReference): Promise<Validation> {
    const node = await this.nodes.get(reference);
    const driver = driverOfNode(this.drivers, node);
    const withSecrets = await this.passthruNodes.getByUuid(node.uuid);
    const results: Validation = {};
    for (const kind of VALIDATED) {
      const field = interfaceField(kind);
      const name = overridingInterface(withSecrets.instanceInfo, kind) ?? node[field] ?? undefined;
      results[kind] = await driver.validateInterface(kind, withSecrets, name);
    }
    return results;
  }
}
