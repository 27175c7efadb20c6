import { type IncomingMessage } from 'node:http';
import { type ApiClient } from '../client/api-client.js';
import { AnsweredError, ClientError } from '../client/client-error.js';
import { EventReader } from '../client/event-reader.js';
import { isProxys } from '../client/exit-code.js';
import { Patience } from '../client/patience.js';
import { isOver, JobDocument } from './job-document.js';

/** The service sends something each 15 s, and the job at once: a proxy may hold it back. */
const SILENCE_MS = 45_000;
const FIRST_EVENT_MS = 10_000;
const WAIT_SECONDS = 30;
const SHORT_MS = 1_000;

export interface FollowerTimes {
  readonly patienceMs?: number;
  readonly firstEventMs?: number;
}

/** Follows one job until its end, over lost connections. */
export class JobFollower {
  private readonly events = new EventReader();
  private readonly path: string;
  private readonly patience: Patience;
  private readonly firstEventMs: number;
  private isStreamed = true;

  constructor(
    private readonly client: ApiClient,
    id: string,
    private readonly show: (job: JobDocument) => void,
    private readonly signal: AbortSignal,
    { patienceMs, firstEventMs = FIRST_EVENT_MS }: FollowerTimes = {},
  ) {
    this.path = `/v1/jobs/${encodeURIComponent(id)}`;
    this.patience = new Patience(signal, patienceMs);
    this.firstEventMs = firstEventMs;
  }

  /** @returns the job when it has ended. @throws ClientError; the reason of the signal. */
  async ended(): Promise<JobDocument> {
    for (;;) {
      const begun = performance.now();
      const job = await this.patience.attempt(() =>
        this.isStreamed ? this.stream() : this.poll(WAIT_SECONDS),
      );
      if (job && isOver(job)) return job;
      // A service that stops ends streams, and answers before the time.
      if (performance.now() - begun < SHORT_MS) await this.patience.pause();
    }
  }

  private async poll(wait: number): Promise<JobDocument> {
    const { signal } = this;
    const job = await this.client.json(JobDocument, 'GET', this.path, {
      query: { wait },
      waitSeconds: wait,
      signal,
    });
    this.patience.heard();
    this.show(job);
    return job;
  }

  private async stream(): Promise<JobDocument | undefined> {
    const { lastId } = this.events;
    const headers = { Accept: 'text/event-stream', ...(lastId !== '' && { 'Last-Event-ID': lastId }) };
    let response: IncomingMessage;
    try {
      response = await this.client.open('GET', `${this.path}/events`, { headers, signal: this.signal });
    } catch (error) {
      if (!(error instanceof AnsweredError) || isProxys(error) || isStopping(error)) throw error;
      // Whether there is such a job is told by the next request.
      this.isStreamed = false;
      return undefined;
    }
    const isStream = response.headers['content-type']?.startsWith('text/event-stream') === true;
    if (!isStream) {
      response.destroy();
      // 204: the end was sent before.
      this.isStreamed = response.statusCode === 204;
      return this.poll(0);
    }
    return this.read(response);
  }

  private async read(response: IncomingMessage): Promise<JobDocument | undefined> {
    let hasBegun = false;
    let last: JobDocument | undefined;
    const silence = setTimeout(() => response.destroy(), this.firstEventMs);
    response.setEncoding('utf8');
    this.events.begin();
    try {
      for await (const chunk of response as AsyncIterable<string>) {
        this.patience.heard();
        if (!hasBegun) clearTimeout(silence);
        hasBegun = true;
        response.setTimeout(SILENCE_MS, () => response.destroy());
        for (const job of this.jobsIn(chunk)) {
          last = job;
          this.show(job);
          if (isOver(job)) return job;
        }
      }
    } catch (error) {
      if (error instanceof ClientError) throw error;
      // The connection was lost: the next one goes on after the last event.
      this.signal.throwIfAborted();
    } finally {
      clearTimeout(silence);
      response.destroy();
    }
    // A proxy may hold back what is no whole answer.
    if (!hasBegun) this.isStreamed = false;
    return last;
  }

  private jobsIn(chunk: string): JobDocument[] {
    return this.events.take(chunk).flatMap(({ name, data }) => {
      if (name !== 'message') return [];
      const job = JobDocument.safeParse(parsed(data));
      if (!job.success) throw new ClientError(`${this.client.url}: an event is not what it should be.`);
      return [job.data];
    });
  }
}

function isStopping({ status, code }: AnsweredError): boolean {
  return status === 503 && code !== 'TooManyStreams';
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
