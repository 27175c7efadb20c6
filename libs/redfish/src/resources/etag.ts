import { RedfishPreconditionError } from '../errors.js';
import type { Memory } from '../quirks/memory.js';

/** The forms of If-Match in the order they are tried: as sent, strong, any (`*`), none. */
export type EtagForm = 'as-is' | 'strong' | 'any' | 'none';

const FORMS: readonly EtagForm[] = ['as-is', 'strong', 'any', 'none'];

function formOf(value: string | undefined): EtagForm | undefined {
  return FORMS.find((form) => form === value);
}

/** Makes an ETag strong: without `W/`, and quoted once, since some firmware quotes twice or not at all. */
export function strongEtag(etag: string): string {
  const opaque = etag
    .trim()
    .replace(/^W\//i, '')
    .replace(/^"+|"+$/g, '');
  return `"${opaque}"`;
}

function valueOf(form: EtagForm, etag: string | undefined): string | undefined {
  if (form === 'none') return undefined;
  if (form === 'any') return '*';
  if (etag === undefined) return undefined;
  return form === 'strong' ? strongEtag(etag) : etag;
}

export interface Conditional<T> {
  readonly read: () => Promise<string | undefined>;
  readonly send: (ifMatch: string | undefined) => Promise<T>;
  readonly memory: Memory;
  readonly preferred?: EtagForm | undefined;
}

/**
 * Writes with If-Match in the form that worked at this BMC before, else as sent. On 412 or 428 it reads the ETag
 * again and repeats, then tries the other forms and remembers the one that worked.
 *
 * @throws RedfishPreconditionError when the BMC refuses every form
 */
export async function conditionally<T>(write: Conditional<T>): Promise<T> {
  const known = formOf(write.memory.get('etag')) ?? write.preferred ?? 'as-is';
  const others = FORMS.filter((form) => form !== known);
  const tried = new Set<string | undefined>();
  const etags = new Set<string | undefined>();
  let refused: unknown;
  for (const form of [known, known, ...others]) {
    const etag = form === 'none' || form === 'any' ? undefined : await write.read();
    if (form === 'as-is' || form === 'strong') etags.add(etag);
    const value = valueOf(form, etag);
    // The first form is tried twice, because the resource may have changed between read and write.
    const isSecond = form === known && tried.size === 1 && etag !== undefined;
    if (tried.has(value) && !isSecond) continue;
    tried.add(value);
    try {
      const result = await write.send(value);
      // The form is learned only if the ETag stayed the same: otherwise somebody changed the resource meanwhile.
      const isShown = etags.size === 1 && !etags.has(undefined);
      if (form !== known && (isShown || etags.size === 0)) write.memory.learn('etag', form);
      return result;
    } catch (error) {
      if (!(error instanceof RedfishPreconditionError)) throw error;
      refused = error;
    }
  }
  throw refused;
}
