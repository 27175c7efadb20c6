import { type Management, type Power } from '@ferrule/driver-kit';
import { interfaceOf, methodsOf, periodicsOf } from '@ferrule/driver-kit/host';
import { DriverInterface } from '../methods/driver-interface.js';
import { type InterfaceClass } from '../packages/composition.js';
import { ManagementOperations } from './management-operations.js';
import { PowerOperations } from './power-operations.js';

/** @param target the object of the class. */
export function interfaceFor(
  { kind, name, type }: InterfaceClass,
  source: string,
  target: object,
): DriverInterface {
  if (kind === 'vendor')
    return new DriverInterface(kind, name, source, target, methodsOf(type), periodicsOf(type));
  const power = interfaceOf('power', type);
  if (kind === 'power' && power && isPower(target)) {
    return new DriverInterface(
      kind,
      name,
      source,
      new PowerOperations(target, power),
      methodsOf(PowerOperations),
    );
  }
  const management = interfaceOf('management', type);
  if (kind === 'management' && management && isManagement(target)) {
    const operations = new ManagementOperations(target, management);
    return new DriverInterface(kind, name, source, operations, methodsOf(ManagementOperations));
  }
  throw new TypeError(`${type.name} is no ${kind} interface.`);
}

function isPower(target: object): target is Power {
  return 'getPowerState' in target && 'setPowerState' in target;
}

function isManagement(target: object): target is Management {
  return 'getBootDevice' in target && 'setBootDevice' in target;
}
