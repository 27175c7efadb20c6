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
      const cells = rows.map(({ name, id, subject, roles, scope, project }) => [
        name,
        subject === null ? id : `${id} (${subject})`,
        roles.join(', '),
        project === null ? scope : `${scope} ${project}`,
      ]);
      out.print(table([['NAME', 'ID', 'ROLES', 'SCOPE'], ...cells]));
    }
    return 0;
  });
}
