import { type JobsOptions } from 'bullmq';
import { type Consumer, type Producer, type QueueClient, type QueueEntry } from './queue-clients.js';

/** A client of BullMQ, which knows one queue. */
export interface SingleProducer extends QueueClient {
  on(event: 'error', listener: (error: Error) => void): unknown;
  on(event: 'ioredis:close', listener: () => void): unknown;
  add(name: string, entry: QueueEntry, options: JobsOptions): Promise<unknown>;
  getWaitingCount(): Promise<number>;
}

class Group<Client extends QueueClient> {
  constructor(protected readonly clients: Client[]) {}

  async waitUntilReady(): Promise<void> {
    await Promise.all(this.clients.map((each) => each.waitUntilReady()));
  }

  async close(): Promise<void> {
    await Promise.all(this.clients.map((each) => each.close()));
  }

  getBackend() {
    const backends = this.clients.map((each) => each.getBackend());
    return {
      close: async (force: boolean) => {
        await Promise.all(backends.map((each) => each.close(force)));
      },
      disconnect: async () => {
        await Promise.all(backends.map((each) => each.disconnect()));
      },
    };
  }
}

type SingleConsumer = Consumer;

/** Workers of several queues as one. */
export class ConsumerGroup extends Group<SingleConsumer> implements Consumer {
  async run(): Promise<void> {
    await Promise.all(this.clients.map((each) => each.run()));
  }

  async pause(doNotWaitActive: boolean): Promise<void> {
    await Promise.all(this.clients.map((each) => each.pause(doNotWaitActive)));
  }

  on(event: 'error', listener: (error: Error) => void): void {
    for (const each of this.clients) each.on(event, listener);
  }
}

/** Opens a client for each queue when it is first used. */
export class ProducerGroup extends Group<SingleProducer> implements Producer {
  private readonly byName = new Map<string, SingleProducer>();
  private readonly errorListeners: ((error: Error) => void)[] = [];
  private readonly closeListeners: (() => void)[] = [];

  /** @param first a queue to be ready for. */
  constructor(
    private readonly open: (queue: string) => SingleProducer,
    first: string,
  ) {
    super([]);
    this.of(first);
  }

  add(queue: string, entry: QueueEntry, options: JobsOptions): Promise<unknown> {
    return this.of(queue).add('run', entry, options);
  }

  waiting(queue: string): Promise<number> {
    return this.of(queue).getWaitingCount();
  }

  on(event: 'error', listener: (error: Error) => void): void {
    this.errorListeners.push(listener);
    for (const each of this.clients) each.on(event, listener);
  }

  onConnectionLost(listener: () => void): void {
    this.closeListeners.push(listener);
    for (const each of this.clients) each.on('ioredis:close', listener);
  }

  private of(queue: string): SingleProducer {
    const known = this.byName.get(queue);
    if (known) return known;
    const client = this.open(queue);
    for (const listener of this.errorListeners) client.on('error', listener);
    for (const listener of this.closeListeners) client.on('ioredis:close', listener);
    this.byName.set(queue, client);
    this.clients.push(client);
    return client;
  }
}
