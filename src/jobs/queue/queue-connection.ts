import { type Lifecycle } from '../../lifecycle/lifecycle.js';
import { withLimit } from '../../waiting/with-limit.js';
import { closeClient } from './close-client.js';
import { type QueueClient } from './queue-clients.js';
import { queueErrorLog } from './queue-error-log.js';

const REOPEN_MS = 1_000;

export interface QueueConnectionOptions<Client> {
  /** Of the lines in the log. */
  readonly name: string;
  /** Undefined if no client is needed any more. */
  readonly create: () => Promise<Client | undefined>;
  /** Milliseconds until a new client must be connected. */
  readonly limit: number;
  /** Begins the work of a connected client. */
  readonly run?: (client: Client) => Promise<void>;
  readonly onTrouble?: () => void;
  readonly lifecycle: Lifecycle;
}

/** Opens a client of BullMQ, again with a new one after a failure: BullMQ never retries a first connection that failed. */
export class QueueConnection<Client extends QueueClient> {
  private readonly logError: (error: unknown) => void;
  private client: Client | undefined;
  private isReady = false;
  private closed = false;
  private reopening: NodeJS.Timeout | undefined;

  constructor(private readonly options: QueueConnectionOptions<Client>) {
    this.logError = queueErrorLog(options.name);
  }

  get isClosed(): boolean {
    return this.closed;
  }

  /** Undefined without a connection; one that was lost later is reopened by the client itself. */
  get ready(): Client | undefined {
    return this.isReady ? this.client : undefined;
  }

  /** Never rejects. */
  async open(): Promise<void> {
    const { create, limit, run } = this.options;
    try {
      const client = await create();
      if (!client) return;
      this.client = client;
      // An error without a listener would end the process.
      client.on('error', (error) => this.complain(error));
      await withLimit(client.waitUntilReady(), limit, 'The queue does not answer.');
      this.isReady = true;
      run?.(client).catch((error: unknown) => this.complain(error));
    } catch (error) {
      this.complain(error);
      await this.discard();
      if (!this.closed) this.reopening = setTimeout(() => void this.open(), REOPEN_MS).unref();
    }
  }

  async close(): Promise<void> {
    this.closed = true;
    clearTimeout(this.reopening);
    await this.discard();
  }

  /** Errors of clients that are being closed are no news. */
  private complain(error: unknown): void {
    if (this.closed) return;
    this.logError(error);
    this.options.onTrouble?.();
  }

  private async discard(): Promise<void> {
    const { client, isReady } = this;
    if (!client) return;
    this.client = undefined;
    this.isReady = false;
    if (isReady) await closeClient(client, this.options.lifecycle.left.closing);
    // A close that is not forced waits for a connection.
    else
      client
        .getBackend()
        .close(true)
        .catch(() => {});
  }
}
