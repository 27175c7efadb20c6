import { FerruleError } from '@ferrule/driver-kit';
import { Injectable } from '@nestjs/common';
import { Conductor } from '../../conductors/conductor.js';
import { Stop } from '../../waiting/stop.js';

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
  private readonly running = new Map<string, Stop>();

  constructor(conductor: Conductor) {
    conductor.onLost(() => this.abortAll());
  }

  /** Before an adoption is sent: it may succeed even if its answer is lost. */
  ask(ids: readonly string[]): void {
    for (const id of ids) this.asked.add(id);
  }

  /** @returns what is aborted when the job no longer belongs to this process. It is known until `drop`. */
  adopted(id: string): Stop {
    const stop = new Stop();
    this.running.set(id, stop);
    return stop;
  }

  /** After `adopted` was called for each adopted one: a job that is not known is returned to the queue. */
  answered(ids: readonly string[]): void {
    for (const id of ids) this.asked.delete(id);
  }

  /** @param stop what `adopted` returned; a later run of the same job is not dropped. */
  drop(id: string, stop: Stop): void {
    if (this.running.get(id) === stop) this.running.delete(id);
  }

  get known(): string[] {
    return [...this.asked, ...this.running.keys()];
  }

  private abortAll(): void {
    for (const [id, stop] of this.running) stop.abort(new JobLeaseLost(id));
  }
}
