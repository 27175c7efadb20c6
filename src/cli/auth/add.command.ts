import { StartError } from '../../config/start-error.js';
import { type Output } from '../output.js';
import { addCaller } from './add-caller.js';
import { type AddOptions } from './add-options.js';
import { addUser } from './add-user.js';
import { CallerFiles, explained } from './caller-files.js';
import { type Input } from './input.js';

/** `ferrule auth add` */
export function add(
  env: NodeJS.ProcessEnv,
  name: string,
  options: AddOptions,
  input: Input,
  out: Output,
): Promise<number> {
  return explained(() => {
    const kinds = [options.password === true, options.token === true, options.certificate !== undefined];
    if (kinds.filter(Boolean).length !== 1) {
      throw new StartError(
        'Give one of --password, --token and --certificate: how the caller will be known.',
      );
    }
    const { htpasswd, callers } = new CallerFiles(env);
    return options.password === true
      ? addUser(htpasswd, name, options, input, out)
      : addCaller(callers, name, options, out);
  });
}
