import { schemaOf } from '../arguments/json-schema.js';
import { type HardwareType, type Method, settingsOf, type Subject } from '../subject/subject.js';
import { missingNow } from './result-changes.js';
import { refusedNow } from './schema-changes.js';

/** What callers and operators of one version of a driver can do no more with another, each as a sentence without a period. */
export function breakingChanges(before: readonly Subject[], after: readonly Subject[]): string[] {
  const types = new Map(after.flatMap(({ hardwareTypes }) => hardwareTypes).map((type) => [type.name, type]));
  const methods = new Map(
    after.flatMap((subject) => subject.methods).map((method) => [keyOf(method), method]),
  );
  const ofTypes = before
    .flatMap(({ hardwareTypes }) => hardwareTypes)
    .flatMap((type) => changesOfType(type, types.get(type.name)));
  const ofMethods = before
    .flatMap((subject) => subject.methods)
    .flatMap((method) =>
      changesOfMethod(method, methods.get(keyOf(method))).map((change) => `${method.id}: ${change}`),
    );
  return [...new Set([...ofTypes, ...ofMethods, ...changesOfSettings(before, after)])];
}

/** A variable of a setting that is gone keeps the service from starting. */
function changesOfSettings(before: readonly Subject[], after: readonly Subject[]): string[] {
  const [old, now] = [requiredSettings(before), requiredSettings(after)];
  return [
    ...[...old.keys()].filter((name) => !now.has(name)).map((name) => `setting ${name}: it is gone`),
    ...[...now]
      .filter(([name, isRequired]) => isRequired && old.get(name) !== true)
      .map(([name]) => `setting ${name}: it is required now`),
  ];
}

/** Whether each is required. */
function requiredSettings(subjects: readonly Subject[]): Map<string, boolean> {
  const fields = subjects.flatMap(settingsOf);
  return new Map(fields.map(([name, field]) => [name, !field.safeParse(undefined).success]));
}

/** A node method and a driver-level method may have one name. */
function keyOf({ scope, id }: Method): string {
  return `${scope} ${id}`;
}

function changesOfType(before: HardwareType, after: HardwareType | undefined): string[] {
  if (!after) return [`${before.name}: the hardware type is gone`];
  const [old, now] = [before, after].map(({ options }) => options.driverInfo?.shape ?? {});
  const isRequired = (shape: Record<string, unknown> | undefined, key: string) => {
    const field = shape?.[key] as { safeParse(value: undefined): { success: boolean } } | undefined;
    return field !== undefined && !field.safeParse(undefined).success;
  };
  return Object.keys(now ?? {})
    .filter((key) => isRequired(now, key) && !isRequired(old, key))
    .map((key) => `${before.name}: driver_info needs ${key} now`);
}

function changesOfMethod(before: Method, after: Method | undefined): string[] {
  if (!after) return ['the method is gone'];
  const lost = before.http.filter((verb) => !after.http.includes(verb));
  return [
    ...lost.map((verb) => `it may no longer be called by ${verb}`),
    ...(before.isAsync === after.isAsync
      ? []
      : [`it is ${after.isAsync ? 'asynchronous' : 'synchronous'} now`]),
    ...(before.isAttachment === after.isAttachment
      ? []
      : [`it returns ${after.isAttachment ? 'an attachment' : 'JSON'} now`]),
    ...(before.isShared && !after.isShared ? ['it needs the exclusive lock now'] : []),
    ...(before.isAsync === after.isAsync && after.timeout < before.timeout
      ? [`it may take ${after.timeout / 1_000} s now, no longer ${before.timeout / 1_000} s`]
      : []),
    ...refusedNow(before.schema, after.schema),
    ...resultChanges(before, after),
  ];
}

function resultChanges(before: Method, after: Method): string[] {
  const [old, now] = [before, after].map(({ declaration }) => declaration.options.returns);
  return old && now ? missingNow(schemaOf(old, 'output'), schemaOf(now, 'output')) : [];
}
