import { FerruleError } from '@ferrule/driver-kit';
import { Injectable } from '@nestjs/common';
import { Conductor } from '../../conductors/conductor.js';

/** Others may have recorded an unknown outcome. */
export class JobLeaseLost extends FerruleError {
  readonly code = 'JobLeaseLost';
  readonly status = 500;
  constructor(id: string) {
    super(`The lease of job ${id} could not be renewed in time.`);
  }
}

/** Jobs of this process, also those being adopted. Running ones are aborted when its lease ends. */
@Injectable()
export class RunningJobs {
  private readonly asked = new Set<string>();
  private readonly running = new Map<string, AbortController>();

  constructor(conductor: Conductor) {
    conductor.onLost(() => this.abortAll());
  }

  /** Before an adoption is sent: it may succeed even if its answer is lost. */
  ask(ids: readonly string[]): void {
    for (const id of ids) this.asked.add(id);
  }

  answered(ids: readonly string[]): void {
    for (const id of ids) this.asked.delete(id);
  }

  /** The signal is aborted when the job no longer belongs to this process. */
  keep(id: string): AbortSignal {
    const controller = new AbortController();
    this.running.set(id, controller);
    return controller.signal;
  }

  /** `stop` is what `keep` returned: a later run of the same job is not dropped. */
  drop(id: string, stop: AbortSignal): void {
    if (this.running.get(id)?.signal === stop) this.running.delete(id);
  }

  get known(): string[] {
    return [...this.asked, ...this.running.keys()];
  }

  private abortAll(): void {
    for (const [id, controller] of this.running) controller.abort(new JobLeaseLost(id));
  }
}
