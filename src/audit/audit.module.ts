import { Global, Module } from '@nestjs/common';
import { ListQueue } from '../http/limits/list-queue.js';
import { AuditController } from './audit.controller.js';
import { AuditLog } from './audit-log.js';
import { AuditSwitch } from './audit-switch.js';
import { Denials } from './denials.js';
import { AuditRepository } from './audit.repository.js';

@Global()
@Module({
  controllers: [AuditController],
  // A queue of its own: a search without an index may take seconds, and lists of nodes do not wait for it.
  providers: [
    AuditRepository,
    AuditLog,
    AuditSwitch,
    Denials,
    { provide: ListQueue, useFactory: () => new ListQueue() },
  ],
  exports: [AuditLog],
})
export class AuditModule {}
