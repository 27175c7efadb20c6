import { StartError } from '../../config/start-error.js';
import { redactSettings } from '../../secrets/redact.js';
import { messageOf } from '../execution/method-errors.js';
import { located } from './checks/package-problem.js';
import { type InstalledPackage } from './driver-package.js';
import { packageInStack } from './package-in-stack.js';
import { placeInStack } from './place-in-stack.js';

/**
 * What a constructor or a factory of a driver package threw while Nest made its providers.
 * @returns a StartError with package, class and place, or the error itself if it comes from no driver package.
 */
export function explainComposition(error: unknown, packages: readonly InstalledPackage[]): unknown {
  const stack = error instanceof Error ? (error.stack ?? '') : '';
  const source = packageInStack(stack, packages);
  const from = packages.find((each) => `${each.package}@${each.version}` === source);
  if (from === undefined) return error;
  const name = madeByNest(stack);
  const place = placeInStack(stack, from.folder);
  const where = place === undefined ? '' : `${place.file}:${place.line}: `;
  const what = name === undefined ? 'one of its providers' : 'its constructor';
  return new StartError(
    located(
      { package: from.package, ...(name !== undefined && { class: name }) },
      `${what} failed: ${where}${redactSettings(messageOf(error))}`,
    ),
    { cause: error },
  );
}

/** The class whose constructor Nest called: the last one above the frames of Nest. */
function madeByNest(stack: string): string | undefined {
  const lines = stack.split('\n');
  const end = lines.findIndex((line) => line.includes('@nestjs/core'));
  const made = lines.slice(0, end < 0 ? undefined : end).map((line) => /^\s*at new ([\w$]+)/.exec(line)?.[1]);
  return made.findLast((each) => each !== undefined);
}
