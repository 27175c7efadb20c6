import { type NestExpressApplication } from '@nestjs/platform-express';
import { type Config } from '../config/config.js';
import { type Database } from '../database/database.js';
import { openDatabase } from '../database/open-database.js';
import { Lifecycle } from '../lifecycle/lifecycle.js';
import { createLogger, type Logger } from '../logging/logger.js';
import { setUp, type Setup } from '../setup.js';
import { hints } from './hints.js';
import { type Output } from './output.js';
import { nextSignal, nextSignalAfterEcho } from './signals.js';

/** What the shutdown may take beyond the time that running calls and jobs have. */
const CLOSING_MS = 15_000;

/** `ferrule serve`: the service, until a signal ends it. Gives the exit code. */
export async function serve(
  env: NodeJS.ProcessEnv,
  options: { hints?: boolean },
  out: Output,
): Promise<number> {
  const setup = await setUp(env);
  const { config } = setup;
  const logger = createLogger(config.logLevel);
  for (const warning of config.warnings) logger.warn(warning);
  const asked = nextSignal();

  const lifecycle = new Lifecycle(config.shutdownTimeout);
  const { app, database } = await boot(setup, lifecycle, logger);
  const url = await app.getUrl();
  logger.info(`Listening on ${url}.`);
  if (options.hints === true) out.print(hints(url, config.enabledHardwareTypes));

  logger.info(`${await asked}: finishing what runs.`);
  lifecycle.drain();
  return Promise.race([impatience(), shutDown(app, database, logger), deadline(config, logger)]);
}

/** The database and the code are slow to come, so they come at the same time. */
async function boot(
  setup: Setup,
  lifecycle: Lifecycle,
  logger: Logger,
): Promise<{ app: NestExpressApplication; database: Database }> {
  const { config } = setup;
  const opening = openDatabase(config, { log: logger });
  const [database, { createApp, listen }, { Logger: NestLoggers }, { NestLogger }] = await Promise.all([
    opening,
    import('../app.module.js'),
    import('@nestjs/common'),
    import('../logging/nest-logger.js'),
  ]);
  NestLoggers.overrideLogger(new NestLogger(logger));
  try {
    const app = await createApp(setup, database, lifecycle);
    try {
      await listen(app, config);
      return { app, database };
    } catch (error) {
      await app.close();
      throw error;
    }
  } catch (error) {
    await database.close();
    throw error;
  }
}

async function shutDown(app: NestExpressApplication, database: Database, logger: Logger): Promise<number> {
  await app.close();
  await database.close();
  logger.info('Stopped.');
  return 0;
}

/** A second signal means now. */
async function impatience(): Promise<number> {
  await nextSignalAfterEcho();
  return 1;
}

function deadline({ shutdownTimeout }: Config, logger: Logger): Promise<number> {
  return new Promise((resolve) => {
    const giveUp = () => {
      logger.error('The shutdown hangs; ending without it.');
      resolve(1);
    };
    setTimeout(giveUp, shutdownTimeout * 1_000 + CLOSING_MS).unref();
  });
}
