import { type z } from 'zod';
import { hintFor } from '../text/nearest.js';
import { type Mistake, type Path } from './yaml-file.js';

export interface Wording {
  /** The names that an object may have. */
  readonly membersAt: (path: Path) => readonly string[];
  /** Parts of a path that the line tells, for example those of an item of the list that the file is. */
  readonly told: number;
}

/** What a schema finds, in the words of whoever writes the file. */
export function schemaMistakes(
  { issues }: Pick<z.core.$ZodError, 'issues'>,
  { membersAt, told }: Wording,
): Mistake[] {
  const named = (path: Path): string =>
    path
      .slice(told)
      .filter((part) => typeof part === 'string')
      .join('.');
  return issues.map((issue) => {
    const { path } = issue;
    if (issue.code === 'unrecognized_keys') {
      const [key = ''] = issue.keys;
      return { path: [...path, key], text: `${key} is not known here${hintFor(key, membersAt(path))}` };
    }
    if (issue.code === 'invalid_union') {
      const inner = issue.errors.flat().find(({ code }) => code !== 'invalid_type');
      const text = `${named(path)} ${inner?.message ?? 'must be a text, or a list of texts'}`;
      return { path: [...path, ...(inner?.path ?? [])], text };
    }
    const isMissing = issue.code === 'invalid_type' && issue.message.endsWith('undefined');
    const text = isMissing ? `${named(path)} is missing` : `${named(path)} ${issue.message}`.trim();
    return { path, text };
  });
}
