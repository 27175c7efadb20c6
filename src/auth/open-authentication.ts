import { Logger } from '@nestjs/common';
import { type Config } from '../config/config.js';
import { type StrategyName } from '../config/settings/auth.js';
import { FileProblem, WatchedFile } from '../config/watched-file.js';
import { type Authenticator, noAuthentication } from './authenticator.js';
import { type Callers } from './files/callers-file.js';
import { type KeystoneSettings } from './strategies/keystone/open-keystone.js';
import { type Strategy } from './strategies/strategy.js';

/** How long a change of the callers may go unnoticed; looking at each request would slow it down. */
const CALLERS_INTERVAL_MS = 50;

export type AuthSettings = Pick<Config, 'auth' | 'htpasswd' | 'callers'> & KeystoneSettings;

export interface OpenedAuthentication {
  readonly authenticator: Authenticator;
  /** Why the service cannot start with it. */
  readonly problems: readonly string[];
}

/** Reads the files of the strategies that are on. Only their code is loaded. */
export async function openAuthentication(settings: AuthSettings): Promise<OpenedAuthentication> {
  if (settings.auth.length === 0) return { authenticator: noAuthentication, problems: [] };
  const problems: string[] = [];
  const strategies: Strategy[] = [];
  let opening: Promise<CallersFile | undefined> | undefined;
  const callers: OpenCallers = (name) => (opening ??= openCallers(name, settings, problems));
  for (const name of ORDER.filter((each) => settings.auth.includes(each))) {
    const strategy = await OPEN[name](settings, problems, callers);
    if (strategy !== undefined) strategies.push(strategy);
  }
  const { Authentication } = await import('./authentication.js');
  const isStrict = settings.auth.includes('http_basic');
  return { authenticator: new Authentication({ strategies, isStrict }), problems };
}

/** Those that know callers at once come first. */
const ORDER: readonly StrategyName[] = ['token', 'http_basic', 'keystone', 'certificate'];

type CallersFile = WatchedFile<Callers>;

/** One file for all strategies that need it. */
type OpenCallers = (name: StrategyName) => Promise<CallersFile | undefined>;

/** Adds to `problems` what is wrong. */
type Open = (
  settings: AuthSettings,
  problems: string[],
  callers: OpenCallers,
) => Promise<Strategy | undefined>;

const OPEN: Readonly<Record<StrategyName, Open>> = {
  http_basic: async ({ htpasswd: path }, problems) => {
    const { Htpasswd } = await import('./files/htpasswd.js');
    const { HttpBasic } = await import('./strategies/http-basic/http-basic.js');
    if (path === undefined) return missing('FERRULE_HTPASSWD', 'http_basic', problems);
    const file = opened('FERRULE_HTPASSWD', problems, () => {
      return new WatchedFile({ path, parse: (text) => new Htpasswd(text), interval: 0 });
    });
    return file && new HttpBasic(file);
  },
  token: async (_settings, _problems, callers) => {
    const { StaticToken } = await import('./strategies/token.js');
    const file = await callers('token');
    return file && new StaticToken(file);
  },
  keystone: async (settings, problems) => {
    const { openKeystone } = await import('./strategies/keystone/open-keystone.js');
    return openKeystone(settings, problems);
  },
  certificate: async (_settings, _problems, callers) => {
    const { ClientCertificate } = await import('./strategies/certificate.js');
    const file = await callers('certificate');
    return file && new ClientCertificate(file);
  },
};

async function openCallers(
  name: StrategyName,
  { callers: path }: AuthSettings,
  problems: string[],
): Promise<CallersFile | undefined> {
  const { callersIn } = await import('./files/callers-file.js');
  if (path === undefined) return missing('FERRULE_CALLERS', name, problems);
  return opened('FERRULE_CALLERS', problems, () => {
    return new WatchedFile({ path, parse: callersIn, interval: CALLERS_INTERVAL_MS });
  });
}

function missing(key: string, name: StrategyName, problems: string[]): undefined {
  problems.push(`${key} must be set, since FERRULE_AUTH has ${name}`);
}

function opened<T>(key: string, problems: string[], open: () => WatchedFile<T>): WatchedFile<T> | undefined {
  try {
    const file = open();
    const logger = new Logger('Authentication');
    file.onProblem = (problem) => logger.error(problem);
    file.onChange = () => logger.log(`The file of ${key} was read again.`);
    return file;
  } catch (error) {
    if (!(error instanceof FileProblem)) throw error;
    problems.push(...error.problems.map((problem) => `${key}: ${problem}`));
    return undefined;
  }
}
