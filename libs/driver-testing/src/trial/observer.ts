import { type Task } from '@ferrule/driver-kit';
import { type Host } from '../host/host.js';
import { type Method, type VendorInterface } from '../subject/subject.js';
import { Observation } from './execution.js';

type Code = (task: Task, args: Readonly<Record<string, unknown>>) => unknown;

/** Observes the methods of vendor interfaces while the service runs them. */
export class Observer {
  readonly observations: Observation[] = [];

  constructor(host: Host, interfaces: readonly VendorInterface[]) {
    for (const each of interfaces) this.watch(host.get(each.type), each.methods);
  }

  private watch(target: object, methods: readonly Method[]): void {
    for (const method of methods) {
      const code = codeOf(target, method);
      const watched = (task: Task, args: Readonly<Record<string, unknown>>): unknown => {
        const observation = new Observation(method, args, 'example');
        this.observations.push(observation);
        return observation.run(() => Reflect.apply(code, target, [observation.watched(task), args]));
      };
      Object.defineProperty(target, method.key, { value: watched, configurable: true });
    }
  }
}

/** The method as it was written, also of an object that is observed. */
export function codeOf(target: object, { key }: Method): Code {
  const code: unknown = Reflect.get(Object.getPrototypeOf(target) as object, key, target);
  if (typeof code !== 'function') throw new TypeError(`${key} is not a method.`);
  return code as Code;
}
