import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startTypeScript } from '../support/child.js';
import { type HttpClient } from '../support/http-client.js';
import { Service } from '../support/service.js';
import { BenchDatabase } from './bench-database.js';
import { CREDENTIALS, guardedEnv } from './guarded.js';
import { familyOf } from './process-usage.js';

export interface Subject {
  readonly url: string;
  readonly pid: number;
  readonly databasePids: readonly number[];
  stop(): Promise<void>;
}

export interface ServiceSubject extends Subject {
  readonly http: HttpClient;
  readonly log: string;
  readonly database: BenchDatabase;
}

export interface ServiceOptions {
  readonly checkout: string;
  readonly hardwareTypes?: string;
  readonly nodeOptions?: readonly string[];
  readonly redisUrl?: string | undefined;
  readonly env?: Readonly<Record<string, string>>;
  /** With `FERRULE_AUTH=token` and a policy file. */
  readonly isGuarded?: boolean;
}

/** @param isAdapted whether it has the adapter of the service. */
export async function startBare(isAdapted = false): Promise<Subject> {
  const child = startTypeScript(join(import.meta.dirname, 'bare.ts'), isAdapted ? ['adapted'] : []);
  const url = await child.line();
  return { url, pid: child.process.pid ?? 0, databasePids: [], stop: () => child.kill('SIGTERM') };
}

export async function startService(folder: DataFolder, options: ServiceOptions): Promise<ServiceSubject> {
  const guarding = options.isGuarded === true ? await guardedEnv(folder.path) : {};
  const service = await folder.spawn({ ...options, env: { ...options.env, ...guarding } }).ready();
  const database = await BenchDatabase.open(folder.dataDir);
  const http = options.isGuarded === true ? service.http.with(CREDENTIALS) : service.http;
  return {
    url: http.base,
    pid: service.pid,
    http,
    get log() {
      return service.log;
    },
    database,
    get databasePids() {
      return folder.databasePids;
    },
    stop: async () => {
      http.close();
      await database.close();
      await service.stop();
    },
  };
}

export class DataFolder {
  private constructor(readonly path: string) {}

  static async make(): Promise<DataFolder> {
    const path = await mkdtemp(join(tmpdir(), 'ferrule-bench-'));
    // As root PostgreSQL runs as another user, who must be able to enter.
    await chmod(path, 0o755);
    return new DataFolder(path);
  }

  get dataDir(): string {
    return join(this.path, 'data');
  }

  /** Does not wait until it is ready. */
  spawn(
    { checkout, nodeOptions = [], hardwareTypes = 'fake-hardware', redisUrl, env: more }: ServiceOptions,
    port = 0,
  ): Service {
    const program = join(checkout, 'bin', 'ferrule.mjs');
    const own = Object.entries(process.env).filter(([name]) => !name.startsWith('FERRULE_'));
    const env = {
      ...Object.fromEntries(own),
      FERRULE_PORT: String(port),
      FERRULE_DATA_DIR: this.dataDir,
      FERRULE_ENABLED_HARDWARE_TYPES: hardwareTypes,
      ...(redisUrl === undefined ? {} : { FERRULE_REDIS_URL: redisUrl }),
      ...more,
    };
    const child = spawn(process.execPath, [...nodeOptions, program, 'serve'], {
      cwd: this.path,
      stdio: ['ignore', 'pipe', 'pipe'],
      env,
    });
    return new Service(child, this.path);
  }

  get databasePids(): number[] {
    const [pid] = readFileSync(join(this.dataDir, 'postgres', 'postmaster.pid'), 'utf8').split('\n');
    return familyOf(Number(pid));
  }

  async delete(): Promise<void> {
    await rm(this.path, { recursive: true, force: true });
  }
}
