import { X509Certificate } from 'node:crypto';
import { FileProblem, readText } from '../../files/watched-file.js';

/**
 * Authorities to trust, in PEM.
 * @param key the setting that names the file.
 * @param problems gets why the file cannot be used.
 */
export function authoritiesIn(path: string, key: string, problems: string[]): string | undefined {
  try {
    const text = readText(path);
    new X509Certificate(text);
    return text;
  } catch (error) {
    const reason =
      error instanceof FileProblem ? error.message : `the file '${path}' has no certificate in PEM`;
    problems.push(`${key}: ${reason}`);
    return undefined;
  }
}
