import { Global, Module } from '@nestjs/common';
import { Registry } from 'prom-client';
import { AccessMetrics } from './access.metrics.js';
import { AuditMetrics } from './audit.metrics.js';
import { BmcMetrics } from './bmc.metrics.js';
import { CallMetrics } from './call.metrics.js';
import { DatabaseMetrics } from './database.metrics.js';
import { Exposition } from './exposition/exposition.js';
import { FleetMetrics } from './fleet.metrics.js';
import { ForwardingMetrics } from './forwarding.metrics.js';
import { HttpMetrics } from './http.metrics.js';
import { JobMetrics } from './job.metrics.js';
import { LockMetrics } from './lock.metrics.js';
import { MetricsController } from './exposition/metrics.controller.js';
import { MetricsEndpoint } from './exposition/metrics.endpoint.js';
import { WebhookMetrics } from './webhook.metrics.js';

const MEASURED = [
  HttpMetrics,
  AccessMetrics,
  CallMetrics,
  ForwardingMetrics,
  LockMetrics,
  JobMetrics,
  FleetMetrics,
  AuditMetrics,
  WebhookMetrics,
];

@Global()
@Module({
  controllers: [MetricsController],
  // A registry of its own for each service, since tests start several in one process.
  providers: [
    { provide: Registry, useFactory: () => new Registry() },
    ...MEASURED,
    DatabaseMetrics,
    BmcMetrics,
    Exposition,
    MetricsEndpoint,
  ],
  exports: MEASURED,
})
export class MetricsModule {}
