import {
  Inject,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import { CONFIG, type Config } from '../config/config.js';
import { Coalescer } from '../database/coalescer.js';
import { jobLine } from '../jobs/record/job.js';
import { jobSummary } from '../jobs/record/job.view.js';
import { Lifecycle } from '../lifecycle/lifecycle.js';
import { type LoggedLine } from '../logging/logged-line.js';
import { reasonOf } from '../logging/reason-of.js';
import { throttled, throttledCalls } from '../logging/throttled.js';
import { WebhookMetrics } from '../metrics/webhook.metrics.js';
import { Periodic } from '../waiting/periodic.js';
import { type Delivery, DeliveryRepository, type Postponement } from './delivery.repository.js';
import { nextPause, Pause } from './pause.js';
import { NotAcknowledged, WebhookReceiver } from './webhook.receiver.js';

const LOOK_MS = 1_000;
const COMPLAINT_INTERVAL = 10_000;
/** Attempts that this process makes at the same time. */
const AT_ONCE = 16;
/** Seconds for which a delivery is this process's; an attempt takes at most half of them. */
const CLAIM = 20;
/** Seconds after the end of a job. */
const PATIENCE = 3 * 86_400;

/** Posts the end of each job to FERRULE_WEBHOOK_URL, at least once, whichever process takes it first. */
@Injectable()
export class Webhooks implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger(Webhooks.name);
  private readonly warn = throttledCalls(
    ([{ job }, text]: readonly [Delivery, string], leftOut) =>
      this.logger.warn(lineOf(job, `${text}${leftOut}`)),
    COMPLAINT_INTERVAL,
  );
  private readonly receiver: WebhookReceiver | undefined;
  private readonly base: string;
  private readonly looks: Periodic;
  private readonly running = new Set<Promise<void>>();
  private readonly deletions = new Coalescer<string, undefined>({
    work: async (ids) => {
      await this.repository.delete(ids);
      return ids.map(() => undefined);
    },
  });
  private readonly postponements = new Coalescer<Postponement, undefined>({
    work: async (each) => {
      await this.repository.postpone(each);
      return each.map(() => undefined);
    },
  });
  private readonly pause = new Pause();

  constructor(
    private readonly repository: DeliveryRepository,
    private readonly metrics: WebhookMetrics,
    private readonly lifecycle: Lifecycle,
    @Inject(CONFIG) { webhookUrl, webhookSecret = [], publicEndpoint = '' }: Config,
  ) {
    this.base = publicEndpoint;
    const warn = throttled((message) => this.logger.warn(message), COMPLAINT_INTERVAL);
    this.looks = new Periodic(
      () => LOOK_MS,
      () => this.look(),
      (error) => warn(`The search for ends of jobs to deliver failed: ${reasonOf(error)}`),
    );
    if (webhookUrl === undefined) return;
    this.receiver = new WebhookReceiver(webhookUrl, webhookSecret, AT_ONCE);
    metrics.watch(() => repository.undelivered());
    lifecycle.onServing(() => this.looks.start());
  }

  /** Before the first job of this process can end. */
  async onApplicationBootstrap(): Promise<void> {
    if (this.receiver) await this.repository.switchOn();
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all([this.looks.stop(), this.receiver?.close()]);
    await Promise.all(this.running);
  }

  private async look(): Promise<void> {
    while (!this.lifecycle.isDraining && this.pause.isOver(performance.now())) {
      const free = AT_ONCE - this.running.size;
      const due = free === 0 ? [] : await this.repository.claim(free, CLAIM);
      for (const delivery of due) this.begin(delivery);
      if (due.length < free) return;
      await Promise.race(this.running);
    }
  }

  private begin(delivery: Delivery): void {
    const running = this.deliver(delivery)
      .catch((error: unknown) => this.warn([delivery, `is delivered again later: ${reasonOf(error)}`]))
      .finally(() => this.running.delete(running));
    this.running.add(running);
  }

  /** Rejects if the database does not answer: then the delivery becomes due by itself. */
  private async deliver(delivery: Delivery): Promise<void> {
    const { job, attempts } = delivery;
    if (!this.receiver) return;
    try {
      await this.receiver.post({ id: job.id, body: bodyOf(delivery, this.base) });
    } catch (error) {
      await this.failed(delivery, error, this.receiver.name);
      return;
    }
    this.metrics.attempted('delivered');
    await this.deletions.run(job.id);
    if (attempts > 1) this.logger.log(lineOf(job, `was delivered in attempt ${attempts}.`));
  }

  private async failed(delivery: Delivery, error: unknown, receiver: string): Promise<void> {
    const { job, attempts } = delivery;
    if (this.lifecycle.isDraining) {
      await this.postponements.run({ id: job.id, attempts, seconds: 0 });
      return;
    }
    const asked = error instanceof NotAcknowledged ? error.pause : undefined;
    if (asked !== undefined) this.pause.ask(asked, performance.now());
    const left = Date.parse(job.finishedAt ?? '') / 1_000 + PATIENCE - Date.now() / 1_000;
    const text = `was not delivered to ${receiver}: ${reasonOf(error)}`;
    const seconds = nextPause(attempts, left, asked);
    if (seconds === undefined) {
      this.metrics.attempted('given-up');
      this.warn([delivery, `${text}. It is not tried again.`]);
      await this.deletions.run(job.id);
      return;
    }
    this.metrics.attempted('failed');
    const others = asked === undefined ? '' : `, and this process delivers nothing for ${Math.ceil(asked)} s`;
    this.warn([delivery, `${text}. The next attempt is in ${Math.max(1, Math.round(seconds))} s${others}.`]);
    await this.postponements.run({ id: job.id, attempts, seconds });
  }
}

function lineOf({ id, nodeUuid, requestId }: Delivery['job'], text: string): LoggedLine {
  return jobLine(`The end of job ${id} ${text}`, { id, nodeUuid, requestId });
}

function bodyOf({ job }: Delivery, base: string): string {
  return JSON.stringify({ type: 'job.ended', timestamp: job.finishedAt, data: jobSummary(job, base) });
}
