import { Global, Module } from '@nestjs/common';
import { AuditController } from './audit.controller.js';
import { AuditLog } from './audit-log.js';
import { Denials } from './denials.js';
import { AuditRepository } from './audit.repository.js';

@Global()
@Module({
  controllers: [AuditController],
  providers: [AuditRepository, AuditLog, Denials],
  exports: [AuditLog],
})
export class AuditModule {}
