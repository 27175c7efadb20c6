import { Module } from '@nestjs/common';
import { NodesModule } from '../nodes/nodes.module.js';
import { JobsModule } from './jobs.module.js';
import { JobWorker } from './queue/job-worker.js';
import { ForgottenJobs } from './running/forgotten-jobs.js';
import { JobAdopter } from './running/job.adopter.js';
import { JobProcessor } from './running/job.processor.js';
import { JobRecorder } from './running/job.recorder.js';
import { JobRunner } from './running/job.runner.js';
import { LostEntries } from './running/lost-entries.js';
import { ProgressWriter } from './running/progress.writer.js';
import { StoppedJobs } from './running/stopped-jobs.js';

/** What a process needs to run jobs, and one of the role `api` lacks. */
@Module({
  imports: [NodesModule, JobsModule],
  providers: [
    JobWorker,
    JobAdopter,
    ProgressWriter,
    JobRecorder,
    JobRunner,
    JobProcessor,
    ForgottenJobs,
    StoppedJobs,
    LostEntries,
  ],
})
export class JobsRunningModule {}
