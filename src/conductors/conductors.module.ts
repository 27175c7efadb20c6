import { Global, Module } from '@nestjs/common';
import { HealthModule } from '../health/health.module.js';
import { Readiness } from '../health/readiness.js';
import { Conductor } from './conductor.js';
import { ConductorRepository } from './conductor.repository.js';

@Global()
@Module({ imports: [HealthModule], providers: [ConductorRepository, Conductor], exports: [Conductor] })
export class ConductorsModule {
  constructor(readiness: Readiness, conductor: Conductor) {
    readiness.watch('lease', () => conductor.hasLease);
  }
}
