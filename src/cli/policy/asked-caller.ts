import { ANYONE, type Caller, frozenCaller } from '../../auth/caller.js';
import { callersIn } from '../../auth/files/callers-file.js';
import { Htpasswd } from '../../auth/files/htpasswd.js';
import { type Config } from '../../config/config.js';
import { StartError } from '../../config/start-error.js';
import { FileProblem, readText } from '../../config/watched-file.js';

export interface CallerOptions {
  readonly caller?: string;
  readonly role?: readonly string[];
  readonly project?: string;
  readonly system?: boolean;
}

type Files = Pick<Config, 'callers' | 'htpasswd'>;

/** @throws StartError if the options do not name a caller. */
export function askedCaller(options: CallerOptions, files: Files): Caller {
  const { caller: name, role: roles = [], project, system = false } = options;
  const isDescribed = roles.length > 0 || project !== undefined || system;
  if ((name !== undefined) === isDescribed) {
    throw new StartError('Give either --caller, or --role with --system or --project.');
  }
  if (name !== undefined) return callerNamed(name, files);
  if (roles.length === 0 || (project !== undefined) === system) {
    throw new StartError('Give at least one --role, and either --system or --project.');
  }
  return frozenCaller({
    name: null,
    projectId: project ?? null,
    roles: roles.map((role) => role.toLowerCase()),
    hasSystemScope: system,
    knownBy: 'token',
  });
}

function callerNamed(name: string, { callers: path, htpasswd }: Files): Caller {
  if (path === undefined && htpasswd === undefined) {
    throw new StartError('Set FERRULE_CALLERS or FERRULE_HTPASSWD to the file that has the caller.');
  }
  if (path !== undefined) {
    const callers = read(path, callersIn);
    for (const known of [callers.byToken, callers.byCertificate]) {
      for (const caller of known.values()) if (caller.name === name) return caller;
    }
  }
  if (htpasswd !== undefined && read(htpasswd, (text) => new Htpasswd(text)).hashOf(name) !== undefined) {
    return frozenCaller({ ...ANYONE, name, knownBy: 'http_basic' });
  }
  throw new StartError(`There is no caller '${name}'; "ferrule auth list" names them all.`);
}

function read<T>(path: string, parse: (text: string) => T): T {
  try {
    return parse(readText(path));
  } catch (error) {
    if (error instanceof FileProblem) throw new StartError(`${path}: ${error.message}.`);
    throw error;
  }
}
