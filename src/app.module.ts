import { type Server } from 'node:http';
import { ServiceSettings } from '@ferrule/driver-kit';
import { type DynamicModule, Module } from '@nestjs/common';
import { ModulesContainer, NestFactory } from '@nestjs/core';
import { type NestExpressApplication } from '@nestjs/platform-express';
import { authentication, type Authenticator } from './auth/authenticator.js';
import { NOBODY } from './auth/caller.js';
import { requestLimit } from './auth/request-limit.js';
import { AuditModule } from './audit/audit.module.js';
import { Denials } from './audit/denials.js';
import { PolicyModule } from './auth/policy/policy.module.js';
import { ChassisModule } from './chassis/chassis.module.js';
import { boundUrl, reachableUrl, withAddress } from './bound-url.js';
import { Conductor } from './conductors/conductor.js';
import { ConductorsModule } from './conductors/conductors.module.js';
import { type ProcessDescription } from './conductors/process-description.js';
import { Roster } from './conductors/roster/roster.js';
import { type Config } from './config/config.js';
import { roleOf } from './config/settings/process.js';
import { version } from './config/version.js';
import { serveConsole } from './console/console.js';
import { watch } from './files/watched-file.js';
import { type Database } from './database/database.js';
import { driverDescriptions } from './drivers/driver-descriptions.js';
import { logDrivers } from './drivers/supervision/driver-log.js';
import { followCalls } from './drivers/supervision/follow-calls.js';
import { guardHooks } from './drivers/supervision/module-hooks.js';
import { explainComposition } from './drivers/packages/composition-errors.js';
import { DriversModule } from './drivers/drivers.module.js';
import { FleetModule } from './fleet/fleet.module.js';
import { FoundationModule } from './foundation.module.js';
import { HealthModule } from './health/health.module.js';
import { ForwardingModule } from './forwarding/forwarding.module.js';
import { Reception } from './forwarding/reception.js';
import { accessLog } from './http/access-log.js';
import { ApiAdapter } from './http/api.adapter.js';
import { limitConnections } from './http/limits/connections.js';
import { cutUnreadAnswers } from './http/replies/unread-answers.js';
import { AcceptedHosts } from './http/middleware/hosts.js';
import { ErrorFilter } from './http/replies/error.filter.js';
import { HttpModule, useHttp } from './http/http.module.js';
import { JobsModule } from './jobs/jobs.module.js';
import { JobsRunningModule } from './jobs/jobs-running.module.js';
import { LocksModule } from './locks/locks.module.js';
import { KeysModule } from './keys/keys.module.js';
import { Lifecycle } from './lifecycle/lifecycle.js';
import { NodesModule } from './nodes/nodes.module.js';
import { serveDocs } from './openapi/docs.js';
import { PassthruModule } from './passthru/passthru.module.js';
import { PortsModule } from './ports/ports.module.js';
import { PeriodicModule } from './periodic/periodic.module.js';
import { AccessMetrics } from './metrics/access.metrics.js';
import { HttpMetrics } from './metrics/http.metrics.js';
import { MetricsEndpoint } from './metrics/exposition/metrics.endpoint.js';
import { MetricsModule } from './metrics/metrics.module.js';
import { ReservationsModule } from './reservations/reservations.module.js';
import { maskSettings } from './secrets/redact.js';
import { type Setup } from './setup.js';
import { WebhooksModule } from './webhooks/webhooks.module.js';

@Module({})
export class AppModule {
  static compose(
    { config, policy, ...drivers }: Omit<Setup, 'authenticator' | 'tls' | 'files'>,
    database: Database,
    lifecycle: Lifecycle = new Lifecycle(config.shutdownTimeout),
  ): DynamicModule {
    return {
      module: AppModule,
      imports: [
        // First, since Express tries the routes in this order and these are the busiest.
        PassthruModule,
        FoundationModule.register(config, database, lifecycle),
        PolicyModule.register(policy),
        HttpModule.register({ publicEndpoint: config.publicEndpoint }),
        MetricsModule,
        KeysModule,
        AuditModule,
        HealthModule,
        DriversModule.register(drivers, new ServiceSettings(config)),
        ConductorsModule.register(processOf(config, drivers.drivers)),
        ForwardingModule,
        ReservationsModule.register(Conductor),
        NodesModule,
        ChassisModule,
        PortsModule,
        JobsModule,
        LocksModule,
        WebhooksModule,
        FleetModule,
        ...(roleOf(config) === 'api' ? [] : [JobsRunningModule, PeriodicModule]),
      ],
    };
  }
}

function processOf(config: Config, drivers: Setup['drivers']): ProcessDescription {
  const { hostname, conductorGroup: group } = config;
  const role = roleOf(config);
  return { hostname, role, group, version, drivers: role === 'api' ? [] : driverDescriptions(drivers) };
}

function hostOf(originOrAddress: string): string {
  return URL.canParse(originOrAddress) ? new URL(originOrAddress).hostname : originOrAddress;
}

/**
 * Milliseconds. Longer than proxies keep idle connections, as nginx does for 60 s: a request that meets a connection which
 * is just being closed is lost. A process that slept closes what is idle before it reads what has arrived.
 */
const IDLE_MS = 75_000;
/** Bytes of bodies that are still arriving. */
const MINIMUM_INTAKE = 64 * 1_048_576;

export async function createApp(
  setup: Setup,
  database: Database,
  lifecycle?: Lifecycle,
  authenticator: Authenticator = setup.authenticator,
): Promise<NestExpressApplication> {
  const { config } = setup;
  const packages = setup.drivers.map(({ loaded }) => loaded.from);
  maskSettings(setup.settings.flatMap(({ secrets }) => secrets));
  logDrivers(packages);
  followCalls(setup.drivers.map(({ loaded }) => loaded));
  const app = await NestFactory.create<NestExpressApplication>(
    AppModule.compose(setup, database, lifecycle),
    new ApiAdapter(setup.tls),
    { bodyParser: false, abortOnError: false, bufferLogs: true },
  ).catch((error: unknown) => {
    throw explainComposition(error, packages);
  });
  guardHooks(app.get(ModulesContainer), setup.drivers, app.get(Lifecycle));
  app.get(ErrorFilter).observe(app.get(Denials).observe);
  app.get(ErrorFilter).observe(app.get(AccessMetrics).observe);
  useHttp(app, {
    hosts: new AcceptedHosts({
      bound: config.host,
      publicEndpoint: config.publicEndpoint,
      allowed: [
        ...config.allowedHosts,
        ...(config.conductorAddress === undefined ? [] : [hostOf(config.conductorAddress)]),
      ],
    }),
    entrance: app.get(Reception).handler,
    trustedProxies: config.trustedProxies ?? [],
    authentication: authentication(authenticator),
    requestLimit: config.requestRate === undefined ? undefined : requestLimit(config.requestRate),
    isTraced: ({ caller }) => caller !== NOBODY,
    observers: [
      app.get(HttpMetrics).observe,
      ...(config.accessLog === 'off' ? [] : [accessLog(config.accessLog)]),
    ],
    limit: config.maxBody,
    timeout: config.requestTimeout * 1_000,
    total: Math.max(MINIMUM_INTAKE, 4 * config.maxBody),
  });
  limitConnections(app.getHttpServer(), {
    total: config.maxConnections,
    perAddress: config.maxConnectionsPerAddress,
    proxies: config.trustedProxies ?? [],
  });
  const server: Server = app.getHttpServer();
  server.keepAliveTimeout = IDLE_MS;
  server.once('listening', () => server.once('close', watch(setup.files)));
  cutUnreadAnswers(app.getHttpServer(), config.requestTimeout * 1_000);
  serveDocs(app);
  serveConsole(app, config);
  return app;
}

/** Listens, then starts what waits for it, such as the worker of jobs. */
export async function listen(
  app: NestExpressApplication,
  { port, host, conductorAddress: address }: Pick<Config, 'port' | 'host' | 'conductorAddress'>,
): Promise<void> {
  await app.get(MetricsEndpoint).open(host);
  await app.listen(port, host);
  const lifecycle = app.get(Lifecycle);
  const server: Server = app.getHttpServer();
  const reached = address === undefined ? await reachableUrl(app) : withAddress(await boundUrl(app), address);
  await app.get(Conductor).listensAt(reached);
  await app.get(Roster).refresh();
  // A client that keeps asking on one connection would otherwise keep the server open.
  lifecycle.onDrain(() =>
    server.prependListener('request', (_, reply) => reply.setHeader('Connection', 'close')),
  );
  lifecycle.closingEnds.addEventListener('abort', () => server.closeAllConnections());
  lifecycle.serve();
}
