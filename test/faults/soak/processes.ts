import { type Service } from '../../support/service.js';

const LEASE_LOST = 'The lease of this process could not be renewed';

interface Process {
  readonly service: Service;
  isKilled: boolean;
  seen: number;
}

/** Each has a host name of its own, which its jobs show as their conductor. */
export class Processes {
  private readonly all = new Map<string, Process>();

  constructor(private readonly launch: (hostname: string) => Promise<Service>) {}

  get alive(): readonly Service[] {
    return [...this.all.values()].filter(({ isKilled }) => !isKilled).map(({ service }) => service);
  }

  async start(): Promise<void> {
    const hostname = `process-${this.all.size + 1}`;
    this.all.set(hostname, { service: await this.launch(hostname), isKilled: false, seen: 0 });
  }

  async kill(service: Service): Promise<void> {
    for (const each of this.all.values()) if (each.service === service) each.isKilled = true;
    await service.stop('SIGKILL');
  }

  /** Whether it was killed, or lost its lease since `settle`: only then may the outcome of a job be unknown. */
  wasInterrupted(hostname: string | null): boolean {
    const process = this.all.get(hostname ?? '');
    if (!process) return false;
    return process.isKilled || process.service.log.slice(process.seen).includes(LEASE_LOST);
  }

  settle(): void {
    for (const process of this.all.values()) process.seen = process.service.log.length;
  }
}
