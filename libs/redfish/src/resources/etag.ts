import { RedfishPreconditionError } from '../errors.js';
import type { Memory } from '../quirks/memory.js';

/**
 * The forms of If-Match in the order they are tried: the ETag of the header, that of the body, strong, without quotes,
 * any (`*`), none.
 */
export type EtagForm = 'header' | 'body' | 'strong' | 'bare' | 'any' | 'none';

const FORMS: readonly EtagForm[] = ['header', 'body', 'strong', 'bare', 'any', 'none'];

/** Forms that still protect against a change by somebody else; only these are remembered for a whole BMC. */
const SPECIFIC: ReadonlySet<EtagForm> = new Set(['header', 'body', 'strong', 'bare']);

export interface Etags {
  readonly header?: string | undefined;
  readonly body?: string | undefined;
}

function formOf(value: string | undefined): EtagForm | undefined {
  return FORMS.find((form) => form === value);
}

function opaque(etag: string): string {
  return etag
    .trim()
    .replace(/^W\//i, '')
    .replace(/^"+|"+$/g, '');
}

/** Makes an ETag strong: without `W/`, and quoted once, since some firmware quotes twice or not at all. */
export function strongEtag(etag: string): string {
  return `"${opaque(etag)}"`;
}

function valueOf(form: EtagForm, { header, body }: Etags): string | undefined {
  const etag = form === 'body' ? (body ?? header) : (header ?? body);
  if (form === 'any') return '*';
  if (form === 'none' || etag === undefined) return undefined;
  if (form === 'strong') return strongEtag(etag);
  return form === 'bare' ? opaque(etag) : etag;
}

export interface Conditional<T> {
  readonly path: string;
  readonly read: () => Promise<Etags>;
  readonly send: (ifMatch: string | undefined) => Promise<T>;
  readonly memory: Memory;
  readonly preferred?: EtagForm | undefined;
}

/**
 * Writes with If-Match in the form that worked before, else as sent. On 412 or 428 it reads the ETag again and repeats,
 * then tries the other forms. The one that worked is remembered: a specific one for the BMC, `*` and none for the path.
 *
 * @throws RedfishPreconditionError when the BMC refuses every form
 */
export async function conditionally<T>(write: Conditional<T>): Promise<T> {
  const { memory, path } = write;
  const known =
    formOf(memory.etagForms.get(path)) ?? formOf(memory.get('etag')) ?? write.preferred ?? 'header';
  const others = FORMS.filter((form) => form !== known);
  const tried = new Set<string | undefined>();
  const seen = new Set<string>();
  let refused: unknown;
  for (const form of [known, known, ...others]) {
    const etags = SPECIFIC.has(form) ? await write.read() : {};
    if (SPECIFIC.has(form)) seen.add(JSON.stringify([etags.header, etags.body]));
    const value = valueOf(form, etags);
    // The first form is tried twice, because the resource may have changed between read and write.
    const isSecond = form === known && tried.size === 1 && valueOf('header', etags) !== undefined;
    if (tried.has(value) && !isSecond) continue;
    tried.add(value);
    try {
      const result = await write.send(value);
      // The form is learned only if the ETag stayed the same: otherwise somebody changed the resource meanwhile.
      if (form !== known && seen.size <= 1) memory.learnEtag(path, form, SPECIFIC.has(form));
      return result;
    } catch (error) {
      if (!(error instanceof RedfishPreconditionError)) throw error;
      refused = error;
    }
  }
  throw refused;
}
