import { FerruleError } from '@ferrule/driver-kit';
import { Injectable } from '@nestjs/common';
import { Conductor } from '../conductors/conductor.js';

/** The lease of a job ran out: somebody else has declared its outcome unknown. */
export class JobLeaseLost extends FerruleError {
  readonly code = 'JobLeaseLost';
  readonly status = 500;
  constructor(id: string) {
    super(`The lease of job ${id} could not be renewed in time.`);
  }
}

/** The jobs that this process runs; all are aborted when its lease ends. */
@Injectable()
export class JobLeases {
  private readonly running = new Map<string, AbortController>();

  constructor(conductor: Conductor) {
    conductor.onLost(() => this.abortAll());
  }

  /** The signal is aborted when the job is not this process's any more. */
  keep(id: string): AbortSignal {
    const controller = new AbortController();
    this.running.set(id, controller);
    return controller.signal;
  }

  drop(id: string): void {
    this.running.delete(id);
  }

  private abortAll(): void {
    for (const [id, controller] of this.running) controller.abort(new JobLeaseLost(id));
    this.running.clear();
  }
}
