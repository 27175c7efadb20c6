import { type JsonSchema, resolved, typesOf } from '../arguments/json-schema.js';

/** Limits that refuse more when they rise, and those that do when they fall. */
const LEAST = ['minimum', 'exclusiveMinimum', 'minLength', 'minItems'] as const;
const MOST = ['maximum', 'exclusiveMaximum', 'maxLength', 'maxItems'] as const;

/** What the members of a schema are called: all of them, and one before its name. */
export interface Words {
  readonly all: string;
  readonly one: string;
}

const ARGUMENTS: Words = { all: 'arguments', one: 'argument' };

interface Comparison {
  readonly oldRoot: JsonSchema;
  readonly newRoot: JsonSchema;
  readonly words: Words;
}

/** Values that the old schema allows and the new one does not, each as a sentence without a period. */
export function refusedNow(before: JsonSchema, after: JsonSchema, words = ARGUMENTS): string[] {
  return changesOf(before, after, { oldRoot: before, newRoot: after, words }, '');
}

function changesOf(one: JsonSchema, two: JsonSchema, comparison: Comparison, path: string): string[] {
  const { oldRoot, newRoot, words } = comparison;
  const [before, after] = [resolved(one, oldRoot), resolved(two, newRoot)];
  const name = path === '' ? words.all : `${words.one} ${path}`;
  return [
    ...typeChanges(before, after, name),
    ...limitChanges(before, after, name),
    ...memberChanges(before, after, comparison, path),
  ];
}

function typeChanges(before: JsonSchema, after: JsonSchema, name: string): string[] {
  const [old, now] = [typesOf(before), typesOf(after)];
  const isWide = (type: string) => now.includes(type) || (type === 'integer' && now.includes('number'));
  const lost = now.length === 0 ? [] : old.filter((type) => !isWide(type));
  const values = after.enum ?? (after.const === undefined ? undefined : [after.const]);
  const oldValues = before.enum ?? (before.const === undefined ? undefined : [before.const]);
  const lostValues = values && oldValues?.filter((value) => !values.includes(value));
  const isOpen = now.length > 0 && old.length === 0 && JSON.stringify(before) !== JSON.stringify(after);
  return [
    ...lost.map((type) => `${name} may no longer be of type ${type}`),
    ...(lostValues ?? []).map((value) => `${name} may no longer be ${JSON.stringify(value)}`),
    ...(values && !oldValues
      ? [`${name} may only be ${values.map((value) => JSON.stringify(value)).join(', ')}`]
      : []),
    ...(isOpen ? [`${name} must be of type ${now.join(' or ')} now`] : []),
  ];
}

function limitChanges(before: JsonSchema, after: JsonSchema, name: string): string[] {
  const changes: string[] = [];
  for (const limit of LEAST) {
    if ((after[limit] ?? -Infinity) > (before[limit] ?? -Infinity))
      changes.push(`${name} has the ${limit} ${after[limit]}`);
  }
  for (const limit of MOST) {
    if ((after[limit] ?? Infinity) < (before[limit] ?? Infinity))
      changes.push(`${name} has the ${limit} ${after[limit]}`);
  }
  if (after.pattern !== undefined && after.pattern !== before.pattern) {
    changes.push(`${name} must match another pattern: ${after.pattern}`);
  }
  return changes;
}

function memberChanges(
  before: JsonSchema,
  after: JsonSchema,
  comparison: Comparison,
  path: string,
): string[] {
  const { all, one } = comparison.words;
  const [old, now] = [before.properties ?? {}, after.properties ?? {}];
  const at = (member: string) => (path === '' ? member : `${path}.${member}`);
  const isStrict = after.additionalProperties === false;
  const changes = Object.entries(old).flatMap(([member, schema]) => {
    const other = now[member];
    if (other !== undefined) return changesOf(schema, other, comparison, at(member));
    return isStrict ? [`${one} ${at(member)} is gone`] : [];
  });
  const required = (after.required ?? []).filter((member) => before.required?.includes(member) !== true);
  changes.push(...required.map((member) => `${one} ${at(member)} is required now`));
  if (isStrict && before.additionalProperties !== false && before.properties !== undefined) {
    changes.push(`unknown ${path === '' ? all : `members of ${path}`} are refused now`);
  }
  if (typeof before.items === 'object' && typeof after.items === 'object') {
    changes.push(...changesOf(before.items, after.items, comparison, `${path}[]`));
  }
  return changes;
}
