import { htpasswdCaller } from '../../auth/caller.js';
import { entriesIn } from '../../auth/files/callers-file.js';
import { Htpasswd } from '../../auth/files/htpasswd.js';
import { readConfig } from '../../config/load-config.js';
import { StartError } from '../../config/start-error.js';
import { FileProblem, readText } from '../../files/watched-file.js';

/** As they are listed. */
export interface ListedCaller {
  readonly name: string;
  /** As rules, the audit and logs have it, for example `token:backup`. */
  readonly id: string;
  readonly known_by: string;
  /** Of the certificate. */
  readonly subject: string | null;
  readonly roles: readonly string[];
  readonly scope: 'system' | 'project';
  /** Its id. */
  readonly project: string | null;
}

/** The files of FERRULE_HTPASSWD and FERRULE_CALLERS. */
export class CallerFiles {
  readonly htpasswd: string | undefined;
  readonly callers: string | undefined;

  constructor(env: NodeJS.ProcessEnv) {
    const { htpasswd, callers } = readConfig(env).config;
    this.htpasswd = htpasswd;
    this.callers = callers;
  }

  assertAny(): void {
    if (this.htpasswd === undefined && this.callers === undefined) {
      throw new StartError('Set FERRULE_CALLERS or FERRULE_HTPASSWD to the file of the callers.');
    }
  }

  users(): readonly ListedCaller[] {
    if (this.htpasswd === undefined) return [];
    return new Htpasswd(readText(this.htpasswd)).users.map((name) => {
      const { id, knownBy, roles } = htpasswdCaller(name);
      const known = { name, id: String(id), known_by: knownBy, subject: null };
      return { ...known, roles, scope: 'system', project: null };
    });
  }

  entries(): readonly ListedCaller[] {
    if (this.callers === undefined) return [];
    return entriesIn(readText(this.callers)).map(({ name, certificate, roles, project }) => {
      const knownBy = certificate === undefined ? 'token' : 'certificate';
      return {
        name,
        id: `${knownBy}:${name}`,
        known_by: knownBy,
        subject: certificate ?? null,
        roles,
        scope: project === undefined ? 'system' : 'project',
        project: project ?? null,
      };
    });
  }
}

/** A problem with a file as an error that is shown without a stack. */
export async function explained(command: () => Promise<number>): Promise<number> {
  try {
    return await command();
  } catch (error) {
    if (error instanceof FileProblem) throw new StartError(sentence(error.problems.join('; ')));
    throw error;
  }
}

function sentence(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}.`;
}
