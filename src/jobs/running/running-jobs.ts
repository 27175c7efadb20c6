import { FerruleError } from '@ferrule/driver-kit';
import { Injectable } from '@nestjs/common';
import { Conductor } from '../../conductors/conductor.js';

/** The lease of this process ended while it ran a job: others may have declared the job's outcome unknown. */
export class JobLeaseLost extends FerruleError {
  readonly code = 'JobLeaseLost';
  readonly status = 500;
  constructor(id: string) {
    super(`The lease of job ${id} could not be renewed in time.`);
  }
}

/** The jobs that this process runs or is about to adopt; those that run are aborted when its lease ends. */
@Injectable()
export class RunningJobs {
  private readonly asked = new Set<string>();
  private readonly running = new Map<string, AbortController>();

  constructor(conductor: Conductor) {
    conductor.onLost(() => this.abortAll());
  }

  /** Before the database is asked for jobs: their adoption may succeed although its answer is lost. */
  ask(ids: readonly string[]): void {
    for (const id of ids) this.asked.add(id);
  }

  /** The answer came, or is not waited for any more. */
  answered(ids: readonly string[]): void {
    for (const id of ids) this.asked.delete(id);
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

  /** All that this process knows of. */
  get known(): string[] {
    return [...this.asked, ...this.running.keys()];
  }

  private abortAll(): void {
    for (const [id, controller] of this.running) controller.abort(new JobLeaseLost(id));
  }
}
