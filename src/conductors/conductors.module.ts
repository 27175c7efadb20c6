import { type DynamicModule, Module } from '@nestjs/common';
import { HealthModule } from '../health/health.module.js';
import { Readiness } from '../health/readiness.js';
import { Conductor } from './conductor.js';
import { ConductorRepository } from './conductor.repository.js';
import { ConductorPages } from './conductor-pages.js';
import { ConductorsController } from './conductors.controller.js';
import { PROCESS, type ProcessDescription } from './process-description.js';
import { Roster } from './roster/roster.js';
import { RosterRepository } from './roster/roster.repository.js';
import { SessionShare } from '../database/session-share.js';

@Module({})
export class ConductorsModule {
  static register(own: ProcessDescription): DynamicModule {
    return {
      module: ConductorsModule,
      global: true,
      imports: [HealthModule],
      controllers: [ConductorsController],
      providers: [
        { provide: PROCESS, useValue: own },
        ConductorRepository,
        Conductor,
        RosterRepository,
        Roster,
        SessionShare,
        ConductorPages,
      ],
      exports: [PROCESS, Conductor, Roster],
    };
  }

  constructor(readiness: Readiness, conductor: Conductor) {
    readiness.watch('lease', () => conductor.hasLease);
  }
}
