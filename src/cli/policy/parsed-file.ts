import { StartError } from '../../config/start-error.js';
import { FileProblem, readText } from '../../files/watched-file.js';

/** @throws StartError that names the file, if it cannot be read or is wrong. */
export function parsedFile<T>(path: string, parse: (text: string) => T): T {
  const text = explained('', () => readText(path));
  return explained(`${path}: `, () => parse(text));
}

function explained<T>(where: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof FileProblem) throw new StartError(`${where}${error.problems.join('; ')}.`);
    throw error;
  }
}
