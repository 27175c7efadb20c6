import { Module } from '@nestjs/common';
import { NodesModule } from '../../nodes/nodes.module.js';
import { JobsModule } from '../jobs.module.js';
import { JobWorker } from '../queue/job-worker.js';
import { JobAdopter } from './job.adopter.js';
import { JobProcessor } from './job.processor.js';
import { JobRecorder } from './job.recorder.js';
import { JobRunner } from './job.runner.js';
import { ProgressWriter } from './progress.writer.js';

/** What a process needs to run jobs, and one of the role `api` lacks. */
@Module({
  imports: [NodesModule, JobsModule],
  providers: [JobWorker, JobAdopter, ProgressWriter, JobRecorder, JobRunner, JobProcessor],
})
export class JobsRunningModule {}
