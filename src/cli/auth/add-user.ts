import { hash as hashPassword } from '@node-rs/bcrypt';
import { Htpasswd } from '../../auth/files/htpasswd.js';
import { replaceFile } from '../../auth/files/replace-file.js';
import { assertUserName, withUser } from '../../auth/files/user-entries.js';
import { StartError } from '../../config/start-error.js';
import { type Output } from '../output.js';
import { type AddOptions, refuseExisting } from './add-options.js';
import { type Input } from './input.js';
import { newPassword } from './new-password.js';

/** Each step doubles the time of a comparison, which takes about a tenth of a second with this one. */
const BCRYPT_COST = 10;
/** Shorter ones are taken, with a warning. */
const SHORT_PASSWORD = 8;

/** @param path FERRULE_HTPASSWD */
export async function addUser(
  path: string | undefined,
  name: string,
  options: AddOptions,
  input: Input,
  out: Output,
): Promise<number> {
  if (path === undefined) throw new StartError('FERRULE_HTPASSWD must name the file of the users.');
  if (options.role ?? options.project ?? options.system) {
    throw new StartError(
      'A user with a password may do everything: leave --role, --project and --system out.',
    );
  }
  assertUserName(name);
  const password = await newPassword(input);
  const hash = await hashPassword(password, BCRYPT_COST);
  await replaceFile(path, (text = '') => {
    refuseExisting(name, new Htpasswd(text).users, options);
    return withUser(text, name, hash);
  });
  out.print(`Wrote the user '${name}' to ${path}.`);
  if ([...password].length < SHORT_PASSWORD) {
    out.complain(`The password has fewer than ${SHORT_PASSWORD} characters, and its user may do everything.`);
  }
  return 0;
}
