import { Module } from '@nestjs/common';
import { NodesModule } from '../nodes/nodes.module.js';
import { PeriodicRepository } from './periodic.repository.js';
import { PeriodicRunner } from './periodic.runner.js';
import { PeriodicScheduler } from './periodic.scheduler.js';

@Module({ imports: [NodesModule], providers: [PeriodicRepository, PeriodicRunner, PeriodicScheduler] })
export class PeriodicModule {}
