import { withoutCaller } from '../../auth/files/caller-entries.js';
import { replaceFile } from '../../auth/files/replace-file.js';
import { withoutUser } from '../../auth/files/user-entries.js';
import { type Output } from '../output.js';
import { CallerFiles, explained } from './caller-files.js';
import { oneCaller } from './one-caller.js';

/** `ferrule auth remove` @param asked a name that only one caller has, or an id. */
export function removeCaller(env: NodeJS.ProcessEnv, asked: string, out: Output): Promise<number> {
  return explained(async () => {
    const files = new CallerFiles(env);
    files.assertAny();
    const { htpasswd, callers } = files;
    const { name, known_by: knownBy } = oneCaller([...files.users(), ...files.entries()], asked);
    const file = knownBy === 'http_basic' ? htpasswd : callers;
    if (file === undefined) throw new TypeError(`The file of ${name} is not known.`);
    const without = knownBy === 'http_basic' ? withoutUser : withoutCaller;
    await replaceFile(file, (text) => without(text ?? '', name));
    out.print(`Removed '${name}' from ${file}.`);
    return 0;
  });
}
