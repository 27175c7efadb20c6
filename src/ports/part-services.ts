import { Inject, Injectable } from '@nestjs/common';
import { AuditLog } from '../audit/audit-log.js';
import { Policy } from '../auth/policy/policy.js';
import { CONFIG, type Config } from '../config/config.js';
import { Database } from '../database/database.js';
import { ListQueue } from '../http/limits/list-queue.js';
import { ChangeMaker } from '../nodes/changes/change-maker.js';
import { NodeRepository } from '../nodes/record/node.repository.js';
import { NodesService } from '../nodes/record/nodes.service.js';

/** What the parts of nodes need of the service. */
@Injectable()
export class PartServices {
  constructor(
    readonly database: Database,
    readonly nodes: NodesService,
    readonly nodeRepository: NodeRepository,
    readonly maker: ChangeMaker,
    readonly policy: Policy,
    readonly audit: AuditLog,
    readonly queue: ListQueue,
    @Inject(CONFIG) readonly config: Config,
  ) {}
}
