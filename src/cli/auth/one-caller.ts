import { StartError } from '../../config/start-error.js';

interface Named {
  readonly id: string | null;
  readonly name: string | null;
}

/** @param asked a name or an id. @throws StartError if no caller has it, or several have the name. */
export function oneCaller<T extends Named>(callers: readonly T[], asked: string): T {
  const found = callers.filter(({ id, name }) => id === asked || name === asked);
  const [caller, other] = found;
  if (caller === undefined) {
    throw new StartError(`There is no caller '${asked}'; "ferrule auth list" names them all.`);
  }
  if (other !== undefined) {
    const ids = found.map(({ id }) => id).join(', ');
    throw new StartError(`There are several callers '${asked}': ${ids}. Give one of these.`);
  }
  return caller;
}
