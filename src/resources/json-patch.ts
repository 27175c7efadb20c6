import { typeName } from '../json/type-name.js';
import { listed, shortened } from '../text/listed.js';
import { BadRequest, NotAcceptable } from '../http/errors.js';
import { PatchError } from './errors.js';
import { isFieldOf, namesOf, type ResourceFields } from './resource-field.js';

const OPERATIONS: ReadonlySet<string> = new Set(['add', 'replace', 'remove']);
const MEMBERS: ReadonlySet<string> = new Set(['op', 'path', 'value']);
/** Ironic refuses dots and escapes in paths; clients then replace the whole object. */
const PATH = /^(?:\/[\p{L}\p{N}_-]+)+$/u;

/** RFC 6902, without test, move and copy. */
export interface PatchOperation<F extends string = string> {
  readonly op: 'add' | 'replace' | 'remove';
  readonly field: F;
  /** Below the field. */
  readonly rest: readonly string[];
  readonly path: string;
  readonly value?: unknown;
}

/** @throws BadRequest (400), NotAcceptable (406) */
export function readPatch<F extends string>(
  fields: ResourceFields<F>,
  body: unknown,
  microversion: number,
): PatchOperation<F>[] {
  if (!Array.isArray(body)) throw new BadRequest(`A patch is an array of operations, not ${typeName(body)}.`);
  return body.map((item: unknown) => readOperation(fields, item, microversion));
}

function readOperation<F extends string>(
  fields: ResourceFields<F>,
  item: unknown,
  microversion: number,
): PatchOperation<F> {
  if (typeof item !== 'object' || item === null || Array.isArray(item)) {
    throw new BadRequest(`An operation of a patch is an object, not ${typeName(item)}.`);
  }
  const unexpected = Object.keys(item).filter((key) => !MEMBERS.has(key));
  if (unexpected.length > 0) {
    throw new BadRequest(`An operation of a patch has op, path and value, not ${listed(unexpected)}.`);
  }
  const op: unknown = 'op' in item ? item.op : undefined;
  const path: unknown = 'path' in item ? item.path : undefined;
  if (!isOperation(op)) throw new BadRequest('The op of a patch is one of add, replace, remove.');
  if (typeof path !== 'string' || !PATH.test(path)) {
    throw new BadRequest('The path of a patch is /-separated words of letters, digits, _ and -.');
  }
  const [field = '', ...rest] = path.slice(1).split('/');
  if (!isFieldOf(fields, field) || !fields[field].write.includes('P')) {
    const patchable = namesOf(fields).filter((name) => fields[name].write.includes('P'));
    throw new BadRequest(
      `Cannot patch ${shortened(path)}. Only the following can be updated: ${patchable.sort().join(', ')}.`,
    );
  }
  // As in Ironic, a field newer than the microversion may be removed.
  if (op === 'remove') return { op, field, rest, path };
  if (fields[field].since > microversion) throw NotAcceptable.before(field, fields[field].since);
  if (!('value' in item)) throw new BadRequest(`The ${op} of ${path} has no value.`);
  return { op, field, rest, path, value: item.value };
}

function isOperation(op: unknown): op is PatchOperation['op'] {
  return typeof op === 'string' && OPERATIONS.has(op);
}

/** In place. @throws PatchError (400) when the path does not exist. */
export function changeBelow(document: unknown, operation: PatchOperation): void {
  const last = operation.rest.at(-1) ?? '';
  let target = document;
  for (const segment of operation.rest.slice(0, -1)) target = memberOf(target, segment, operation);
  if (Array.isArray(target)) changeArray(target, last, operation);
  else if (typeof target === 'object' && target !== null) changeObject(target, last, operation);
  else throw missing(operation);
}

function memberOf(target: unknown, segment: string, operation: PatchOperation): unknown {
  if (Array.isArray(target)) return target[index(segment, target.length - 1, operation)] as unknown;
  if (typeof target === 'object' && target !== null) {
    // Own members only, so that `constructor` and `__proto__` are ordinary names.
    const found = Object.getOwnPropertyDescriptor(target, segment);
    if (found) return found.value as unknown;
  }
  throw missing(operation);
}

function changeArray(array: unknown[], segment: string, operation: PatchOperation): void {
  const { op } = operation;
  const value: unknown = structuredClone(operation.value);
  if (op === 'add') {
    array.splice(segment === '-' ? array.length : index(segment, array.length, operation), 0, value);
    return;
  }
  const at = index(segment, array.length - 1, operation);
  if (op === 'remove') array.splice(at, 1);
  else array[at] = value;
}

function changeObject(object: object, key: string, operation: PatchOperation): void {
  const { op } = operation;
  // A copy, since the patch is applied twice and later operations may change this value.
  const value: unknown = structuredClone(operation.value);
  if (op !== 'add' && !Object.hasOwn(object, key)) throw missing(operation);
  if (op === 'remove') Reflect.deleteProperty(object, key);
  // An assignment to `__proto__` would set the prototype.
  else Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true });
}

function index(segment: string, greatest: number, operation: PatchOperation): number {
  const at = /^(?:0|[1-9]\d*)$/.test(segment) ? Number(segment) : Infinity;
  if (at <= greatest) return at;
  throw missing(operation);
}

export function missing({ op, path }: PatchOperation): PatchError {
  return new PatchError(`Couldn't apply the patch: cannot ${op} ${path}, there is no such member.`);
}
