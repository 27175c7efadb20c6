import { type NestExpressApplication } from '@nestjs/platform-express';
import { boundUrl } from '../../bound-url.js';
import { isConsoleServed } from '../../console/console.js';
import { type Database } from '../../database/database.js';
import { openDatabase } from '../../database/open-database.js';
import { DriverRegistry } from '../../drivers/driver.registry.js';
import { CRASHED, watchStrayErrors } from '../../drivers/stray-errors/watch-stray-errors.js';
import { Lifecycle } from '../../lifecycle/lifecycle.js';
import { createLogger, type Logger } from '../../logging/logger.js';
import { setUp, type Setup } from '../../setup.js';
import { standBy, type Standby, tellParent } from '../dev/standby.js';
import { spans } from '../../tracing/spans.js';
import { traceSettings } from '../../tracing/trace-settings.js';
import { hints } from './hints.js';
import { assertFree, listenAddress, openness } from './listen-address.js';
import { type Output } from '../output.js';
import { checkRedis } from './redis-check.js';
import { type Parts, shutDown } from './shutdown.js';
import { tellSystemd } from './supervisor.js';
import { nextSignal } from '../signals.js';
import { letYoungHeapGrow } from './young-heap.js';

/** Runs until a signal or an exception that nobody caught. @returns the exit code. */
export async function serve(
  env: NodeJS.ProcessEnv,
  options: { hints?: boolean; standby?: boolean },
  out: Output,
): Promise<number> {
  let standby: Standby | undefined;
  if (options.standby === true) {
    // What an ordinary start loads when it is needed would delay the first answer.
    await Promise.all([loadCode(), import('bullmq')]);
    letYoungHeapGrow();
    standby = await standBy();
  }
  const isHinting = standby?.hints ?? options.hints ?? false;
  let address = '';
  const tracing = traceSettings(env);
  const setup = await setUp(env, async (config) => {
    const listening = await listenAddress(config);
    if ('problem' in listening) return [listening.problem, ...tracing.problems];
    ({ address } = listening);
    return tracing.problems;
  });
  const { config } = setup;
  const logger = createLogger(config.logLevel, () => spans.traceId);
  for (const warning of [...setup.warnings, ...openness(address, config)]) logger.warn(warning);
  const lifecycle = new Lifecycle(config.shutdownTimeout);
  lifecycle.onServing(letYoungHeapGrow);
  const parts: Parts = {};
  if (tracing.isWanted) {
    const { startTracing } = await import('../../tracing/sdk.js');
    parts.tracing = await startTracing(tracing, config.hostname, logger);
  }
  const crashed = watchStrayErrors({
    logger,
    packages: setup.drivers.map(({ loaded }) => loaded.from),
    calls: () => parts.calls,
    process,
  });
  const asked = Promise.race([nextSignal(), crashed]);
  // Plain text on a terminal, a log line elsewhere.
  const isWatched = standby === undefined && (isHinting || process.stderr.isTTY);
  const tell = (text: string) => (isWatched ? out.complain(text) : logger.info(text));

  const starting = start(setup, address, lifecycle, logger, parts, standby?.mayListen);
  try {
    await Promise.race([starting, asked]);
  } catch (error) {
    if ((await shutDown(parts, lifecycle, starting)) !== 'closed') await parts.opening?.abandon();
    throw error;
  }
  if (isHinting && parts.app !== undefined && lifecycle.phase === 'serving') {
    const { enabledHardwareTypes: names } = config;
    const driver = parts.app.get(DriverRegistry).find(names[0] ?? '');
    const hasConsole = isConsoleServed(config, parts.app);
    out.print(hints(await parts.app.getUrl(), names, { driver, hasConsole }));
  }
  if (standby !== undefined && parts.app !== undefined) {
    parts.app.getHttpServer().once('close', () => tellParent({ closed: true }));
    tellParent({ listening: await parts.app.getUrl() });
  }

  if (lifecycle.phase === 'serving') tellSystemd('READY=1', env, logger);

  const reason = await asked;
  lifecycle.drain();
  tellSystemd('STOPPING=1', env, logger);
  tell(`${reason}: ${stoppingText(lifecycle)}`);
  const ending = await shutDown(parts, lifecycle, starting);
  if (ending === 'closed') {
    logger.info('Stopped.');
    return reason === CRASHED ? 1 : 0;
  }
  // Errors that follow are caused by ending at once.
  logger.level = 'silent';
  await parts.opening?.abandon();
  const waited = `FERRULE_SHUTDOWN_TIMEOUT (${config.shutdownTimeout} s)`;
  logger.level = config.logLevel;
  tell(ending === 'overdue' ? `The shutdown took longer than ${waited}: ended by force.` : 'Ended at once.');
  logger.level = 'silent';
  return 1;
}

/** Adds each part to `parts` once it exists. Returns early when the shutdown begins. */
async function start(
  setup: Setup,
  address: string,
  lifecycle: Lifecycle,
  logger: Logger,
  parts: Parts,
  mayListen: Promise<void> | undefined,
): Promise<void> {
  const { config } = setup;
  const draining = new AbortController();
  lifecycle.onDrain(() => draining.abort());
  if (mayListen === undefined) await assertFree(address, config.port);
  const waiting = { log: logger, stop: draining.signal };
  // Loading the code and starting the database are slow, so they run at the same time.
  const code = loadCode();
  const loaded = code.then(
    () => {},
    () => {},
  );
  let app: NestExpressApplication | undefined;
  const compose = async (database: Database): Promise<void> => {
    if (config.redisUrl !== undefined) {
      await checkRedis(config.redisUrl, { ...waiting, patience: config.databaseWait });
    }
    const [{ createApp }, { Logger: NestLoggers }, { NestLogger }, { MethodRunner }] = await code;
    NestLoggers.overrideLogger(new NestLogger(logger));
    if (lifecycle.isDraining) return;
    app = await createApp(setup, database, lifecycle);
    parts.calls = app.get(MethodRunner);
  };
  // A driver that cannot be composed leaves the database as it was.
  parts.opening = openDatabase(config, { ...waiting, beforeMigrating: compose });
  try {
    await parts.opening.database;
  } finally {
    // The process cannot end while threads read modules.
    await loaded;
  }
  if (app === undefined) return;
  parts.app = app;
  const [{ listen }] = await code;
  await mayListen;
  await listen(app, { ...config, host: address });
  logger.info(`Listening on ${await boundUrl(parts.app)}.`);
}

function loadCode() {
  return Promise.all([
    import('../../app.module.js'),
    import('@nestjs/common'),
    import('../../logging/nest-logger.js'),
    import('../../drivers/execution/method-runner.js'),
  ]);
}

function stoppingText(lifecycle: Lifecycle): string {
  const waitsFor = lifecycle.waitsFor();
  if (waitsFor.length === 0) return 'stopping.';
  const seconds = Math.ceil(lifecycle.left.work / 1_000);
  return `stopping; waiting up to ${seconds} s for ${waitsFor.join(' and ')}. A second Ctrl-C or SIGTERM ends at once.`;
}
