import { Injectable } from '@nestjs/common';
import { Counter, Gauge, Registry } from 'prom-client';

@Injectable()
export class AuditMetrics {
  private readonly failures: Counter;
  private waiting = (): number => 0;

  constructor(registry: Registry) {
    const registers = [registry];
    this.failures = new Counter({
      name: 'ferrule_audit_failures_total',
      help: 'Attempts to write records of the audit that failed. A change whose begin could not be recorded was not made.',
      registers,
    });
    const read = () => this.waiting();
    new Gauge({
      name: 'ferrule_audit_waiting',
      help: 'Records of the audit that wait in this process to be written.',
      registers,
      collect() {
        this.set(read());
      },
    });
  }

  watch(waiting: () => number): void {
    this.waiting = waiting;
  }

  failed(): void {
    this.failures.inc();
  }
}
