import { type HardwareType, type Method, type Subject } from '../subject/subject.js';
import { refusedNow } from './schema-changes.js';

/** What callers of one version of a driver can do no more with another, each as a sentence without a period. */
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
  return [...new Set([...ofTypes, ...ofMethods])];
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
    ...refusedNow(before.schema, after.schema),
  ];
}
