import { withoutCaller } from '../../auth/files/caller-entries.js';
import { replaceFile } from '../../auth/files/replace-file.js';
import { withoutUser } from '../../auth/files/user-entries.js';
import { StartError } from '../../config/start-error.js';
import { type Output } from '../output.js';
import { CallerFiles, explained } from './caller-files.js';

/** `ferrule auth remove` */
export function removeCaller(env: NodeJS.ProcessEnv, name: string, out: Output): Promise<number> {
  return explained(async () => {
    const files = new CallerFiles(env);
    files.assertAny();
    const { htpasswd, callers } = files;
    const written: string[] = [];
    if (htpasswd !== undefined && files.users().some((user) => user.name === name)) {
      await replaceFile(htpasswd, (text) => withoutUser(text ?? '', name));
      written.push(htpasswd);
    }
    if (callers !== undefined && files.entries().some((entry) => entry.name === name)) {
      await replaceFile(callers, (text) => withoutCaller(text ?? '', name));
      written.push(callers);
    }
    if (written.length === 0) {
      throw new StartError(`There is no caller '${name}'; "ferrule auth list" names them all.`);
    }
    for (const file of written) out.print(`Removed '${name}' from ${file}.`);
    return 0;
  });
}
