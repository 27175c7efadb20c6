import { randomUUID } from 'node:crypto';
import { FerruleError } from '@ferrule/driver-kit';
import { Injectable, Logger } from '@nestjs/common';
import { MethodRunner, ServiceDraining } from '../drivers/execution/method-runner.js';
import { NodeLockLost } from '../reservations/errors.js';
import { type Reservation } from '../reservations/reservation.js';
import { ReservationsService } from '../reservations/reservations.service.js';
import { JobQueue } from './job-queue.js';
import { JobRepository, type NewJob } from './job.repository.js';

/** 503: the call was accepted by nobody and did nothing. */
export class NoFreeConductorWorker extends FerruleError {
  readonly code = 'NoFreeConductorWorker';
  readonly status = 503;
  constructor(options: ErrorOptions) {
    super('The job could not be handed to a conductor; please retry.', options);
  }
}

@Injectable()
export class JobsService {
  private readonly logger = new Logger(JobsService.name);

  constructor(
    private readonly jobs: JobRepository,
    private readonly queue: JobQueue,
    private readonly reservations: ReservationsService,
    private readonly runner: MethodRunner,
  ) {}

  /**
   * Accepts an async call: writes its job together with the hand-over of its lock, then enqueues it.
   * @returns the job's id.
   * @throws NoFreeConductorWorker when it cannot be enqueued; then the job is refused and the lock is free.
   */
  async submit(job: Omit<NewJob, 'id'>, reservation: Reservation | undefined): Promise<string> {
    if (this.runner.isDraining) throw new ServiceDraining();
    const id = randomUUID();
    const isWritten = await this.jobs.insert({ ...job, id }, reservation);
    if (!isWritten) throw new NodeLockLost(job.node?.uuid ?? '');
    if (reservation) this.reservations.handedOver(reservation);
    try {
      await this.queue.add(id);
    } catch (error) {
      this.logger.error(`Job ${id} could not be enqueued: ${String(error)}`);
      await this.jobs.refuse(id, { code: 'NoFreeConductorWorker', message: 'It could not be enqueued.' });
      throw new NoFreeConductorWorker({ cause: error });
    }
    return id;
  }
}
