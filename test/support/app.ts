import { HTTP_METHODS } from '@ferrule/driver-kit';
import { type LoggerService } from '@nestjs/common';
import { type NestExpressApplication } from '@nestjs/platform-express';
import { AuditLog } from '../../src/audit/audit-log.js';
import { createApp, listen } from '../../src/app.module.js';
import { type Authenticator } from '../../src/auth/authenticator.js';
import { type Config } from '../../src/config/config.js';
import { Database } from '../../src/database/database.js';
import { type InstalledDrivers } from '../../src/drivers/packages/driver-package.js';
import { silent } from '../../src/logging/log.js';
import { setUp } from '../../src/setup.js';
import { testDatabase } from './database.js';
import { HttpClient } from './http-client.js';

export interface TestApp {
  readonly http: HttpClient;
  readonly config: Config;
  readonly database: Database;
  readonly log: MemoryLog;
  readonly audit: AuditLog;
  /** The routes of the API. */
  routes(): readonly Route[];
  close(): Promise<void>;
}

/** Otherwise a 409 takes two seconds. */
const DEFAULTS = {
  FERRULE_ENABLED_HARDWARE_TYPES: 'fake-hardware',
  FERRULE_HOSTNAME: 'cond-a',
  FERRULE_LOCK_INTERVAL: '10ms',
};

/**
 * @param env settings; the real environment is not read.
 * @param given the available drivers, instead of the installed ones.
 * @param authenticator knows the callers, instead of what the settings say.
 */
export async function startApp(
  env: Readonly<Record<string, string>> = {},
  given?: InstalledDrivers,
  authenticator?: Authenticator,
): Promise<TestApp> {
  const temporary = await testDatabase();
  return startOn(temporary.open(), () => temporary.drop(), env, given, authenticator);
}

/** Another process of the same service, as far as one can tell. */
export function startBeside(
  { database }: { readonly database: Pick<Database, 'connection'> },
  env: Readonly<Record<string, string>>,
  given?: InstalledDrivers,
): Promise<TestApp> {
  return startOn(Database.at(database.connection, silent), async () => {}, env, given);
}

async function startOn(
  database: Database,
  dropDatabase: () => Promise<void>,
  env: Readonly<Record<string, string>>,
  given?: InstalledDrivers,
  authenticator?: Authenticator,
): Promise<TestApp> {
  const drop = async (): Promise<void> => {
    await database.close();
    await dropDatabase();
  };
  try {
    const setup = await setUp({ ...DEFAULTS, ...env }, undefined, given);
    const app = await createApp(setup, database, undefined, authenticator);
    const log = new MemoryLog();
    app.useLogger(log);
    await listen(app, { ...setup.config, port: 0, host: '127.0.0.1' });
    const http = new HttpClient(await app.getUrl());
    const close = async (): Promise<void> => {
      http.close();
      await app.close();
      await drop();
    };
    const audit = app.get(AuditLog);
    return { http, config: setup.config, database, log, audit, routes: () => routesOf(app), close };
  } catch (error) {
    await drop();
    throw error;
  }
}

export class MemoryLog implements LoggerService {
  /** One per call; a stack makes it several lines. */
  readonly entries: string[] = [];

  get text(): string {
    return this.entries.join('\n');
  }

  log = (...parts: unknown[]): void => this.add(parts);
  error = (...parts: unknown[]): void => this.add(parts);
  warn = (...parts: unknown[]): void => this.add(parts);
  debug = (...parts: unknown[]): void => this.add(parts);
  verbose = (...parts: unknown[]): void => this.add(parts);
  fatal = (...parts: unknown[]): void => this.add(parts);

  private add(parts: readonly unknown[]): void {
    this.entries.push(parts.map(String).join(' '));
  }
}

export interface Route {
  readonly path: string;
  /** `ALL` for a route that takes any. */
  readonly verbs: readonly string[];
  matches(path: string): boolean;
}

/** Missing in Express's types. */
interface Layer {
  match(path: string): boolean;
  readonly route?: { readonly path: string; readonly methods: Readonly<Record<string, boolean>> };
}

function isLayer(layer: unknown): layer is Layer {
  return typeof layer === 'object' && layer !== null && 'match' in layer;
}

function routesOf(app: NestExpressApplication): Route[] {
  const { router } = app.getHttpAdapter().getInstance();
  const layers: readonly unknown[] = router.stack;
  return layers.filter(isLayer).flatMap((layer) => {
    if (!layer.route) return [];
    const { path, methods } = layer.route;
    const named = Object.keys(methods).map((verb) => verb.toUpperCase());
    // `all` names every verb that Node knows.
    const verbs = named.length > HTTP_METHODS.length ? ['ALL'] : named;
    return [{ path, verbs, matches: (asked) => layer.match(asked) }];
  });
}
