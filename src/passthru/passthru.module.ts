import { Module } from '@nestjs/common';
import { ForwardingModule } from '../forwarding/forwarding.module.js';
import { ErrorFilter } from '../http/replies/error.filter.js';
import { JobsModule } from '../jobs/jobs.module.js';
import { NodesModule } from '../nodes/nodes.module.js';
import { ArgsGuard } from './guards/args.guard.js';
import { AuditGuard } from './guards/audit.guard.js';
import { CallPolicy } from './call/call-policy.js';
import { DriverPassthruController } from './driver-passthru.controller.js';
import { DryRun } from './dry-run/dry-run.js';
import { giveUpKey } from './idempotency/give-up-key.js';
import { IdempotencyGuard } from './idempotency/idempotency.guard.js';
import { IdempotencyKeyRepository } from './idempotency/idempotency-key.repository.js';
import { IdempotencyKeys } from './idempotency/idempotency-keys.js';
import { KeptAnswers } from './idempotency/kept-answers.js';
import { KeySweeper } from './idempotency/key.sweeper.js';
import { JobAcceptance } from './lock/job-acceptance.js';
import { DriverMethodGuard, NodeMethodGuard } from './guards/method.guard.js';
import { NodeLockGuard } from './lock/node-lock.guard.js';
import { NodePassthruController } from './node-passthru.controller.js';
import { NodeRenewal } from './lock/node-renewal.js';
import { PassthruCallFactory } from './call/passthru-call.factory.js';
import { OperationGuard } from './operations/operation.guard.js';
import { ManagementController } from './management.controller.js';
import { PowerController } from './power.controller.js';
import { ValidateGuard } from './guards/validate.guard.js';
import { PassthruInvoker } from './passthru.invoker.js';

@Module({
  imports: [ForwardingModule, NodesModule, JobsModule],
  controllers: [NodePassthruController, DriverPassthruController, PowerController, ManagementController],
  providers: [
    CallPolicy,
    DryRun,
    PassthruCallFactory,
    NodeMethodGuard,
    DriverMethodGuard,
    OperationGuard,
    ArgsGuard,
    IdempotencyKeyRepository,
    IdempotencyKeys,
    KeptAnswers,
    KeySweeper,
    IdempotencyGuard,
    ValidateGuard,
    AuditGuard,
    NodeLockGuard,
    NodeRenewal,
    JobAcceptance,
    PassthruInvoker,
  ],
  exports: [CallPolicy, PassthruCallFactory, JobAcceptance],
})
export class PassthruModule {
  constructor(errors: ErrorFilter) {
    errors.observe(giveUpKey);
  }
}
