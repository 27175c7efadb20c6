import 'reflect-metadata';
import { realpathSync } from 'node:fs';
import { driverCalls, driverModuleOf, hardwareTypeOf } from '@ferrule/driver-kit/host';
import { type LoggerService, type Type } from '@nestjs/common';
import { type NestExpressApplication } from '@nestjs/platform-express';
import { createApp, listen } from './app.module.js';
import { openDatabase } from './database/open-database.js';
import { MethodRunner } from './drivers/execution/method-runner.js';
import { type AvailableDriver, type InstalledDrivers } from './drivers/packages/driver-package.js';
import { driversIn } from './drivers/packages/finder.js';
import { describeStrayError } from './drivers/stray-errors/stray-error.js';
import { takeStrayErrors } from './drivers/stray-errors/take-stray-errors.js';
import { silent } from './logging/log.js';
import { PassthruNodes } from './nodes/record/passthru-nodes.js';
import { ReservationsService } from './reservations/reservations.service.js';
import { setUp, type Setup } from './setup.js';

/** A service to start inside this process, for tests of drivers. */
export interface HostOptions {
  /** Modules of drivers; all their hardware types are enabled. */
  readonly drivers: readonly Type<object>[];
  /** Name of the package of `drivers`, from which the names of its settings follow. */
  readonly packageName: string;
  /** Folders of built driver packages; all their hardware types are enabled. */
  readonly packages: readonly string[];
  /** `FERRULE_…` variables. Those of this process are not read. */
  readonly settings: Readonly<Record<string, string>>;
  readonly logger: LoggerService;
  /** Gets the stack of each error that a driver left behind and that ended a call. */
  readonly onStrayError: (stack: string) => void;
}

/** A running service. */
export interface Host {
  /** Where it listens, on the loopback interface. */
  readonly url: string;
  /** The enabled ones: those of `drivers` in the order of their modules, then those of `packages` by name. */
  readonly hardwareTypes: readonly string[];
  /** A provider of the service or of a driver module. */
  get<T extends object>(type: Type<T>): T;
  /** Locks a node, as a call with an exclusive lock does. @returns what releases it. */
  lock(nodeUuid: string): Promise<() => Promise<void>>;
  /** Ends running methods, the service and its database. */
  stop(): Promise<void>;
}

/**
 * Starts the service of `ferrule serve` with the given drivers, its embedded database and a free port of the loopback
 * interface, without signal handlers. A stray error of a driver ends its call, as there; if it ends none, it stays in the
 * hands of whoever runs the tests.
 * @throws ConfigError with all reasons why it cannot start
 */
export async function startHost(options: HostOptions): Promise<Host> {
  const available = availableOf(options);
  const names = new Set(available.drivers.map(({ name }) => name));
  const env = { FERRULE_ENABLED_HARDWARE_TYPES: [...names].join(), ...options.settings };
  const further = available.problems.map(({ text }) => text);
  const setup = await setUp(env, async () => further, available);
  let app: NestExpressApplication | undefined;
  driverCalls.follow();
  const letErrorsPass = takeStrayErrors((stray) => {
    const [{ stack }, message] = describeStrayError(stray, app?.get(MethodRunner));
    options.logger.error(message, stack);
    options.onStrayError(stack);
  });
  const opening = openDatabase(setup.config, {
    log: silent,
    beforeMigrating: async (database) => {
      app = await createApp(setup, database);
    },
  });
  opening.database.catch(letErrorsPass);
  const database = await opening.database;
  const stop = async (): Promise<void> => {
    try {
      await app?.close();
      await database.close();
    } finally {
      letErrorsPass();
    }
  };
  try {
    return { ...(await listening(app, setup, options.logger)), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function listening(
  app: NestExpressApplication | undefined,
  { config }: Setup,
  logger: LoggerService,
): Promise<Omit<Host, 'stop'>> {
  if (app === undefined) throw new Error('The service was not composed.');
  app.useLogger(logger);
  await listen(app, { ...config, port: 0 });
  const nodes = app.get(PassthruNodes);
  const reservations = app.get(ReservationsService);
  return {
    url: await app.getUrl(),
    hardwareTypes: config.enabledHardwareTypes,
    get: (type) => app.get(type, { strict: false }),
    lock: async (uuid) => {
      const reservation = await reservations.acquire(await nodes.getByUuid(uuid), {
        purpose: 'test',
        caller: null,
      });
      reservation.claim();
      return async () => void (await reservations.release(reservation));
    },
  };
}

function availableOf({ drivers, packageName, packages }: HostOptions): InstalledDrivers {
  const given = drivers.flatMap((module) => {
    const types = driverModuleOf(module)?.hardwareTypes ?? [];
    const names = types.map((type) => hardwareTypeOf(type)?.name ?? type.name);
    // The loader says what is wrong with a class that is no driver module.
    const siblings = names.length > 0 ? names : [module.name];
    return siblings.map((name): AvailableDriver => ({
      name,
      package: packageName,
      version: '0.0.0',
      folder: process.cwd(),
      file: process.cwd(),
      siblings,
      module,
    }));
  });
  const found = driversIn(new Map(packages.map((folder) => [realpathSync(folder), ''])));
  return { drivers: [...given, ...found.drivers], problems: found.problems };
}
