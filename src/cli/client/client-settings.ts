import { readFile } from 'node:fs/promises';
import { isIPv6 } from 'node:net';
import { codeOf } from '../../files/error-code.js';
import { ConfigError } from '../../config/config-error.js';
import { readConfig } from '../../config/load-config.js';
import { StartError } from '../../config/start-error.js';

/** What the options of a command say, before the environment. */
export interface ClientOptions {
  readonly url?: string;
  readonly ca?: string;
  /** Seconds. */
  readonly timeout?: string;
}

export interface ClientSettings {
  /** Without a slash at its end. */
  readonly base: URL;
  readonly credentials: Readonly<Record<string, string>>;
  /** PEM. */
  readonly ca: string | undefined;
  /** For each answer. */
  readonly timeoutMs: number;
}

/** @throws StartError */
export async function clientSettings(
  env: NodeJS.ProcessEnv,
  options: ClientOptions,
): Promise<ClientSettings> {
  const ca = given(options.ca) ?? given(env['FERRULE_CA']) ?? given(env['OS_CACERT']);
  return {
    base: baseOf(given(options.url) ?? given(env['FERRULE_URL']), env),
    credentials: await credentialsOf(env),
    ca: ca === undefined ? undefined : await fileOf(ca, '--ca or FERRULE_CA'),
    timeoutMs: timeoutOf(options.timeout),
  };
}

function baseOf(written: string | undefined, env: NodeJS.ProcessEnv): URL {
  if (written === undefined) return ownBase(env);
  const url = URL.canParse(written) ? new URL(written) : undefined;
  const isWeb = url?.protocol === 'http:' || url?.protocol === 'https:';
  if (!url || !isWeb || url.username !== '' || url.search !== '' || url.hash !== '') {
    throw new StartError(
      '--url or FERRULE_URL takes an http or https URL such as https://bmc-gw.example:6385, without a user or a query.',
    );
  }
  url.pathname = url.pathname.replace(/(\/v1)?\/*$/, '');
  return url;
}

/** Of the service that has the same settings. */
function ownBase(env: NodeJS.ProcessEnv): URL {
  const { config, problems, wrong } = readConfig(env);
  if (['host', 'port', 'tlsCert'].some((name) => wrong.has(name))) throw new ConfigError(problems);
  const { host, port, tlsCert } = config;
  const reachable = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host;
  const name = isIPv6(reachable) ? `[${reachable}]` : reachable;
  return new URL(`${tlsCert === undefined ? 'http' : 'https'}://${name}:${port}`);
}

/** Every kind of service takes a token in this header. */
async function credentialsOf(env: NodeJS.ProcessEnv): Promise<Record<string, string>> {
  const file = given(env['FERRULE_TOKEN_FILE']);
  const token =
    given(env['FERRULE_TOKEN']) ??
    (file === undefined ? given(env['OS_TOKEN']) : (await fileOf(file, 'FERRULE_TOKEN_FILE')).trim());
  if (token !== undefined) {
    if (/^[\x21-\x7e]+$/.test(token)) return { 'X-Auth-Token': token };
    throw new StartError('The token has characters that no token has, such as a space or an end of line.');
  }
  const [user, password] = [given(env['OS_USERNAME']), env['OS_PASSWORD']];
  if (user === undefined || password === undefined) return {};
  return { Authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}` };
}

function timeoutOf(written = '30'): number {
  const seconds = Number(written);
  if (/^\d+(\.\d+)?$/.test(written) && seconds > 0 && seconds <= 86_400) return seconds * 1_000;
  throw new StartError(`--timeout takes seconds, at most 86400, not '${written}'.`);
}

async function fileOf(path: string, option: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw new StartError(`The file ${path} of ${option} cannot be read: ${codeOf(error) ?? String(error)}.`);
  }
}

function given(text: string | undefined): string | undefined {
  return text === undefined || text === '' ? undefined : text;
}
