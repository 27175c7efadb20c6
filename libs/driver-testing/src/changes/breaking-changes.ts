import { interfaceOf } from '@ferrule/driver-kit/host';
import { z } from 'zod';
import { schemaOf } from '../arguments/json-schema.js';
import { type HardwareType, type Method, settingsOf, type Subject } from '../subject/subject.js';
import { missingNow } from './result-changes.js';
import { refusedNow, type Words } from './schema-changes.js';

/** The changes of a driver that break its callers and operators, each as a sentence without a period. */
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
  const [old, now] = [before, after].map(({ options }) => schemaOf(options.driverInfo ?? z.object({})));
  const ofInfo = old && now ? refusedNow(old, now, DRIVER_INFO) : [];
  const [oldVendor, newVendor] = [before, after].map(defaultVendor);
  return [
    ...ofInfo.map((change) => `${before.name}: ${change}`),
    ...(oldVendor === newVendor
      ? []
      : [`${before.name}: the default vendor interface is ${newVendor} now, no longer ${oldVendor}`]),
  ];
}

const DRIVER_INFO: Words = { all: 'keys of driver_info', one: 'driver_info' };

function defaultVendor({ options }: HardwareType): string {
  const [first] = options.interfaces.vendor;
  return interfaceOf('vendor', first)?.name ?? first.name;
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
