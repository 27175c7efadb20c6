import { Global, Module } from '@nestjs/common';
import { Conductor } from './conductor.js';
import { ConductorRepository } from './conductor.repository.js';

/** Who runs what, and until when. */
@Global()
@Module({ providers: [ConductorRepository, Conductor], exports: [Conductor] })
export class ConductorsModule {}
