import { hash } from 'node:crypto';
import { z } from 'zod';
import { schemaMistakes, type Wording } from '../../files/schema-mistakes.js';
import { FileProblem } from '../../files/watched-file.js';
import { type Mistake, YamlFile } from '../../files/yaml-file.js';
import { type Caller, frozenCaller } from '../caller.js';

/** In hexadecimal digits. */
export function digestOf(token: string): string {
  return hash('sha256', token);
}

const DIGEST = /^sha256:[0-9a-f]{64}$/;

const word = z
  .string()
  .min(1, 'must not be empty')
  .max(255, 'must have at most 255 characters')
  .regex(/^\P{Cc}*$/u, 'must have no control characters');

const entrySchema = z
  .strictObject({
    name: word,
    token: z
      .string()
      .regex(DIGEST, "must be 'sha256:' and the digest of the token, as 'ferrule auth add' writes it")
      .optional(),
    certificate: word.optional(),
    roles: z.array(word.toLowerCase()).min(1, 'must name a role'),
    project: word.optional(),
    system: z.boolean().optional(),
  })
  .refine(({ token, certificate }) => (token === undefined) !== (certificate === undefined), {
    error: 'a caller must have either a token or a certificate',
  })
  .refine(({ project, system }) => (project !== undefined) !== (system === true), {
    error: "a caller must have either a project or 'system: true'",
  });

export const callersSchema = z.strictObject({ callers: z.array(entrySchema) });
export type CallerEntry = z.output<typeof entrySchema>;

const WORDING: Wording = {
  membersAt: ({ length }) => (length === 0 ? ['callers'] : Object.keys(entrySchema.shape)),
  // `callers` and the place in the list.
  told: 2,
};

/** Callers by what they present. */
export interface Callers {
  /** By the SHA-256 of the token, in hexadecimal digits. */
  readonly byToken: ReadonlyMap<string, Caller>;
  /** By the subject, in the form of RFC 2253 with the parts in the order of the certificate. */
  readonly byCertificate: ReadonlyMap<string, Caller>;
}

/** @throws FileProblem with all that is wrong. */
export function callersIn(text: string): Callers {
  const file = fileOf(text);
  if (hasNothing(file)) {
    throw new FileProblem(["it has no callers; if nobody shall be in it, write 'callers: []'"]);
  }
  const entries = entriesOf(file);
  const byToken = new Map<string, Caller>();
  const byCertificate = new Map<string, Caller>();
  for (const entry of entries) {
    if (entry.token !== undefined) byToken.set(entry.token.slice('sha256:'.length), callerOf(entry, 'token'));
    if (entry.certificate !== undefined) byCertificate.set(entry.certificate, callerOf(entry, 'certificate'));
  }
  return { byToken, byCertificate };
}

/** Of a file that is edited, which may be empty. @throws FileProblem with all that is wrong. */
export function entriesIn(text: string): readonly CallerEntry[] {
  const file = fileOf(text);
  return hasNothing(file) ? [] : entriesOf(file);
}

/** As a file that was not written to its end has it; `callers: []` is meant. */
function hasNothing({ content }: YamlFile): boolean {
  return content === null || z.strictObject({ callers: z.null() }).safeParse(content).success;
}

/** What is wrong does not show a value, which may be a token. */
function fileOf(text: string): YamlFile {
  return new YamlFile(text, { isSecret: true });
}

function entriesOf(file: YamlFile): readonly CallerEntry[] {
  const parsed = callersSchema.safeParse(file.content);
  if (!parsed.success) throw file.problem(schemaMistakes(parsed.error, WORDING));
  const entries = parsed.data.callers;
  const repeated = [...repeatedIn(entries, (index) => file.lineOf(['callers', index]))];
  if (repeated.length > 0) throw file.problem(repeated);
  return entries;
}

function* repeatedIn(entries: readonly CallerEntry[], lineOf: (index: number) => number): Generator<Mistake> {
  for (const member of ['name', 'token', 'certificate'] as const) {
    const seen = new Map<string, number>();
    for (const [index, { [member]: value }] of entries.entries()) {
      if (value === undefined) continue;
      const first = seen.get(value);
      if (first === undefined) seen.set(value, index);
      else {
        const text = `it has the same ${member} as the caller in line ${lineOf(first)}`;
        yield { path: ['callers', index], text };
      }
    }
  }
}

function callerOf({ name, project, roles, system }: CallerEntry, knownBy: 'token' | 'certificate'): Caller {
  return frozenCaller({
    id: `${knownBy}:${name}`,
    name,
    projectId: project ?? null,
    roles: [...new Set(roles)],
    hasSystemScope: system === true,
    knownBy,
  });
}
