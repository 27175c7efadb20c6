import { type Caller, frozenCaller, htpasswdCaller } from '../../auth/caller.js';
import { callersIn } from '../../auth/files/callers-file.js';
import { usersIn } from '../../auth/files/htpasswd.js';
import { type Config } from '../../config/config.js';
import { StartError } from '../../config/start-error.js';
import { oneCaller } from '../auth/one-caller.js';
import { parsedFile } from './parsed-file.js';

export interface CallerOptions {
  readonly caller?: string | undefined;
  readonly role?: readonly string[] | undefined;
  readonly project?: string | undefined;
  readonly system?: boolean | undefined;
}

type Files = Pick<Config, 'callers' | 'htpasswd'>;

const OF_KEYSTONE = 'keystone:';

/** @throws StartError if the options do not name a caller. */
export function askedCaller(options: CallerOptions, files: Files): Caller {
  const { caller: asked, role: roles = [], project, system = false } = options;
  const isOfKeystone = asked?.startsWith(OF_KEYSTONE) === true;
  const isDescribed = roles.length > 0 || project !== undefined || system;
  if (!isOfKeystone && (asked !== undefined) === isDescribed) {
    throw new StartError('Give either --caller, or --role with --system or --project.');
  }
  if (asked !== undefined && !isOfKeystone) return callerOf(asked, files);
  const why = isOfKeystone ? ' Only Keystone knows what its users have.' : '';
  if (roles.length === 0) throw new StartError(`Give at least one --role.${why}`);
  if (project !== undefined && system) throw new StartError('Give either --system or --project.');
  if (project === undefined && !system) {
    throw new StartError(
      `Say where the roles of --role hold: --system for all nodes, or --project with the id of a project.${why}`,
    );
  }
  return frozenCaller({
    id: asked ?? null,
    name: asked ?? null,
    projectId: project ?? null,
    roles: roles.map((role) => role.toLowerCase()),
    hasSystemScope: system,
    knownBy: isOfKeystone ? 'keystone' : 'token',
  });
}

/** @param asked a name or an id. */
function callerOf(asked: string, { callers: path, htpasswd }: Files): Caller {
  if (path === undefined && htpasswd === undefined) {
    throw new StartError('Set FERRULE_CALLERS or FERRULE_HTPASSWD to the file that has the caller.');
  }
  const known: Caller[] = [];
  if (path !== undefined) {
    const { byToken, byCertificate } = parsedFile(path, callersIn);
    known.push(...byToken.values(), ...byCertificate.values());
  }
  if (htpasswd !== undefined) {
    for (const name of parsedFile(htpasswd, usersIn).users) {
      known.push(htpasswdCaller(name));
    }
  }
  return oneCaller(known, asked);
}
