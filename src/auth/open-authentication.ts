import { existsSync } from 'node:fs';
import { Logger } from '@nestjs/common';
import { type Config } from '../config/config.js';
import { type StrategyName } from '../config/settings/auth.js';
import { FileProblem, type Watched, WatchedFile, type WatchedFileOptions } from '../files/watched-file.js';
import { type Authenticator, noAuthentication } from './authenticator.js';
import { type Callers } from './files/callers-file.js';
import { type KeystoneSettings } from './strategies/keystone/open-keystone.js';
import { type Strategy } from './strategies/strategy.js';

/** How long a change of the callers may go unnoticed; looking at each request would slow it down. */
const CALLERS_INTERVAL_MS = 50;

export type AuthSettings = Pick<Config, 'auth' | 'htpasswd' | 'callers'> & KeystoneSettings;

export interface OpenedAuthentication {
  readonly authenticator: Authenticator;
  readonly files: readonly Watched[];
  /** Why the service cannot start with it. */
  readonly problems: readonly string[];
}

/** Reads the files of the strategies that are on. Only their code is loaded. */
export async function openAuthentication(settings: AuthSettings): Promise<OpenedAuthentication> {
  if (settings.auth.length === 0) return { authenticator: noAuthentication, files: [], problems: [] };
  const problems: string[] = [];
  const files: Watched[] = [];
  const strategies: Strategy[] = [];
  let opening: Promise<CallersFile | undefined> | undefined;
  const callers: OpenCallers = (name) => (opening ??= openCallers(name, settings, found));
  const found: Found = { problems, files };
  for (const name of ORDER.filter((each) => settings.auth.includes(each))) {
    const strategy = await OPEN[name](settings, found, callers);
    if (strategy !== undefined) strategies.push(strategy);
  }
  const { Authentication } = await import('./authentication.js');
  const isStrict = settings.auth.includes('http_basic');
  return { authenticator: new Authentication({ strategies, isStrict }), files, problems };
}

/** Tokens before passwords, whose check takes long; certificates last, since they count only without other credentials. */
const ORDER: readonly StrategyName[] = ['token', 'http_basic', 'keystone', 'certificate'];

type CallersFile = WatchedFile<Callers>;

/** One file for all strategies that need it. */
type OpenCallers = (name: StrategyName) => Promise<CallersFile | undefined>;

interface Found {
  /** Why the service cannot start. */
  readonly problems: string[];
  readonly files: Watched[];
}

/** Adds to `found`. */
type Open = (settings: AuthSettings, found: Found, callers: OpenCallers) => Promise<Strategy | undefined>;

const OPEN: Readonly<Record<StrategyName, Open>> = {
  http_basic: async ({ htpasswd: path }, found) => {
    const { usersIn } = await import('./files/htpasswd.js');
    const { HttpBasic } = await import('./strategies/http-basic/http-basic.js');
    if (path === undefined) return missing('FERRULE_HTPASSWD', 'http_basic', found);
    const file = opened(
      { key: 'FERRULE_HTPASSWD', path, parse: usersIn, interval: 0 },
      ({ users: { length } }) => (length === 1 ? '1 user' : `${length} users`),
      found,
    );
    return file && new HttpBasic(file);
  },
  token: async (_settings, _found, callers) => {
    const { StaticToken } = await import('./strategies/token.js');
    const file = await callers('token');
    return file && new StaticToken(file);
  },
  keystone: async (settings, { problems }) => {
    const { openKeystone } = await import('./strategies/keystone/open-keystone.js');
    return openKeystone(settings, problems);
  },
  certificate: async (_settings, _found, callers) => {
    const { ClientCertificate } = await import('./strategies/certificate.js');
    const file = await callers('certificate');
    return file && new ClientCertificate(file);
  },
};

async function openCallers(
  name: StrategyName,
  { callers: path }: AuthSettings,
  found: Found,
): Promise<CallersFile | undefined> {
  const { callersIn } = await import('./files/callers-file.js');
  if (path === undefined) return missing('FERRULE_CALLERS', name, found);
  return opened(
    { key: 'FERRULE_CALLERS', path, parse: callersIn, interval: CALLERS_INTERVAL_MS },
    ({ byToken, byCertificate }) => {
      const count = byToken.size + byCertificate.size;
      return count === 1 ? '1 caller' : `${count} callers`;
    },
    found,
  );
}

function missing(key: string, name: StrategyName, { problems }: Found): undefined {
  problems.push(`${key} must be set, since FERRULE_AUTH has ${name}`);
}

/** Options of `ferrule auth add` that make the file of a setting. */
const MADE_WITH: Readonly<Record<string, string>> = {
  FERRULE_HTPASSWD: '--password',
  FERRULE_CALLERS: '--token or --certificate',
};

function opened<T>(
  { key, ...options }: WatchedFileOptions<T> & { readonly key: string },
  contentOf: (value: T) => string,
  { problems, files }: Found,
): WatchedFile<T> | undefined {
  try {
    const file = new WatchedFile(options);
    const logger = new Logger('Authentication');
    file.onProblem = (problem) => logger.error(problem);
    file.onChange = (value) => logger.log(`The file of ${key} was read again; it has ${contentOf(value)}.`);
    files.push(file);
    return file;
  } catch (error) {
    if (!(error instanceof FileProblem)) throw error;
    const hint = existsSync(options.path) ? '' : `; 'ferrule auth add NAME' with ${MADE_WITH[key]} makes it`;
    problems.push(...error.problems.map((problem) => `${key}: ${problem}${hint}`));
    return undefined;
  }
}
