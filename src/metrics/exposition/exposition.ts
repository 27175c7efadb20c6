import { Injectable } from '@nestjs/common';
import { Gauge, Registry } from 'prom-client';
import { version } from '../../config/version.js';
import { processMetrics } from './process.metrics.js';

/** All metrics in the text format of Prometheus. */
@Injectable()
export class Exposition {
  readonly contentType = Registry.PROMETHEUS_CONTENT_TYPE;
  private running: Promise<string> | undefined;

  constructor(private readonly registry: Registry) {
    new Gauge({
      name: 'ferrule_build_info',
      help: 'Always 1; its label is the version.',
      labelNames: ['version'],
      registers: [registry],
    }).set({ version }, 1);
  }

  /** Scrapes at the same time share one. */
  text(): Promise<string> {
    this.running ??= this.write().finally(() => {
      this.running = undefined;
    });
    return this.running;
  }

  private async write(): Promise<string> {
    const parts = await Promise.all([this.registry, processMetrics()].map((each) => each.metrics()));
    return parts.join('');
  }
}
