import { FerruleError, JobCancelled } from '@ferrule/driver-kit';
import { Inject, Injectable } from '@nestjs/common';
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

/** Its end was recorded by another process, or when its lock was broken: that record stays. */
export class JobEndedElsewhere extends FerruleError {
  readonly code = 'JobEndedElsewhere';
  readonly status = 409;
  constructor(id: string) {
    super(`Job ${id} was ended while it ran: its lock was broken, or its conductor was given up.`);
  }
}

/** Jobs of this process, also those being adopted. Running ones are aborted when its lease ends. */
@Injectable()
export class RunningJobs {
  /** With the number of adoptions under way: an id may be in two entries of the queue. */
  private readonly asked = new Map<string, number>();
  private readonly running = new Map<string, Stop>();

  constructor(@Inject(Conductor) private readonly conductor: Pick<Conductor, 'onLost' | 'hasLease'>) {
    conductor.onLost(() => this.abortAll());
  }

  /** Before an adoption is sent: it may succeed even if its answer is lost. */
  ask(ids: readonly string[]): void {
    for (const id of ids) this.asked.set(id, (this.asked.get(id) ?? 0) + 1);
  }

  /** @returns what is aborted when the job is cancelled, or no longer belongs to this process. The job is known until `drop`. */
  adopted(id: string): Stop {
    // Looking at the lease ends it if its time is over, which aborts all jobs.
    const stop = new Stop(() => void this.conductor.hasLease);
    this.running.set(id, stop);
    return stop;
  }

  /** After `adopted` was called for each adopted one: a job that is not known is returned to the queue. */
  answered(ids: readonly string[]): void {
    for (const id of ids) {
      const others = (this.asked.get(id) ?? 1) - 1;
      if (others > 0) this.asked.set(id, others);
      else this.asked.delete(id);
    }
  }

  /** @param stop what `adopted` returned; a later run of the same job is not dropped. */
  drop(id: string, stop: Stop): void {
    if (this.running.get(id) === stop) this.running.delete(id);
  }

  get known(): string[] {
    return [...this.asked.keys(), ...this.running.keys()];
  }

  /** Stops a job if it is one of those that run here. */
  cancel(id: string): void {
    this.running
      .get(id)
      ?.abort(new JobCancelled('The job was cancelled; what its method had already done remains.'));
  }

  /** Stops a job that was ended by somebody else, if it is one of those that run here. */
  endedElsewhere(id: string): void {
    this.running.get(id)?.abort(new JobEndedElsewhere(id));
  }

  get ids(): string[] {
    return [...this.running.keys()];
  }

  get isIdle(): boolean {
    return this.running.size === 0;
  }

  private abortAll(): void {
    for (const [id, stop] of this.running) stop.abort(new JobLeaseLost(id));
  }
}
