import { type JsonSchema, resolved, typesOf } from '../arguments/json-schema.js';

/** Deepest members that are compared: a schema may refer to itself. */
const DEPTH = 10;

/** What callers no longer find in the result, by the schemas of what they get, each as a sentence without a period. */
export function missingNow(before: JsonSchema, after: JsonSchema): string[] {
  return changesOf(before, after, { before, after }, []);
}

interface Roots {
  readonly before: JsonSchema;
  readonly after: JsonSchema;
}

function changesOf(one: JsonSchema, two: JsonSchema, roots: Roots, path: readonly string[]): string[] {
  if (path.length > DEPTH) return [];
  const [before, after] = [resolved(one, roots.before), resolved(two, roots.after)];
  const [old, now] = [typesOf(before), typesOf(after)];
  const added = old.length === 0 ? [] : now.filter((type) => !isIn(type, old));
  const changes = added.map((type) => `${nameOf(path)} may be of type ${type} now`);
  for (const [member, schema] of Object.entries(before.properties ?? {})) {
    const other = after.properties?.[member];
    const at = [...path, member];
    if (other === undefined) changes.push(...(after.properties ? [`${nameOf(at)} is gone`] : []));
    else {
      if (isRequired(before, member) && !isRequired(after, member))
        changes.push(`${nameOf(at)} may be missing now`);
      changes.push(...changesOf(schema, other, roots, at));
    }
  }
  if (typeof before.items === 'object' && typeof after.items === 'object')
    changes.push(...changesOf(before.items, after.items, roots, [...path, '[]']));
  return changes;
}

function isIn(type: string, types: readonly string[]): boolean {
  return types.includes(type) || (type === 'integer' && types.includes('number'));
}

function isRequired({ required }: JsonSchema, member: string): boolean {
  return required?.includes(member) === true;
}

function nameOf(path: readonly string[]): string {
  return path.length === 0 ? 'the result' : `the result's ${path.join('.').replaceAll('.[]', '[]')}`;
}
