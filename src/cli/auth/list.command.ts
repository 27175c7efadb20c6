import { type Output } from '../output.js';
import { table } from '../table.js';
import { CallerFiles, explained } from './caller-files.js';

export interface ListOptions {
  readonly json?: boolean;
}

/** `ferrule auth list` */
export function listCallers(env: NodeJS.ProcessEnv, options: ListOptions, out: Output): Promise<number> {
  return explained(async () => {
    const files = new CallerFiles(env);
    files.assertAny();
    const rows = [...files.users(), ...files.entries()];
    if (options.json === true) {
      out.print(JSON.stringify(rows, null, 2));
    } else {
      const cells = rows.map(({ name, known_by: knownBy, roles, scope }) => [
        name,
        knownBy,
        roles.join(', '),
        scope,
      ]);
      out.print(table([['NAME', 'KNOWN BY', 'ROLES', 'SCOPE'], ...cells]));
    }
    return 0;
  });
}
