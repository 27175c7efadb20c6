import { type HttpMethod, InvalidParameterValue, MissingParameterValue } from '@ferrule/driver-kit';
import { Injectable } from '@nestjs/common';
import { type Caller } from '../auth/caller.js';
import { type Driver } from '../drivers/driver.js';
import { DriverRegistry } from '../drivers/driver.registry.js';
import { type PassthruMethod } from '../drivers/execution/passthru-method.js';
import { type VendorInterface } from '../drivers/vendor-interface.js';
import { shortened } from '../http/listed.js';
import { assertStorable } from '../http/bodies/storable.js';
import { NodeNotServed } from '../nodes/errors.js';
import { type PassthruNode } from '../nodes/node.js';
import { type PassthruCall, type Target } from './passthru-call.js';

/** Independent of HTTP. */
export interface Asked {
  readonly caller: Caller;
  readonly requestId: string;
  readonly verb: string;
  readonly method: string | undefined;
  readonly args: Record<string, unknown>;
  /** Arguments of the query; the method's schema decides their types. */
  readonly textArgs: ReadonlyMap<string, string>;
}

/** The arguments are not yet checked and the lock is not yet taken. */
@Injectable()
export class PassthruCallFactory {
  constructor(private readonly drivers: DriverRegistry) {}

  /** @throws NodeNotServed (404), InvalidParameterValue, MissingParameterValue (400). */
  onNode(node: PassthruNode, asked: Asked): PassthruCall {
    const driver = this.driverOf(node);
    const vendorInterface = driver.vendorInterface(node.vendorInterface);
    return begin({ scope: 'node', node }, driver, vendorInterface, asked);
  }

  /**
   * @param interfaceName undefined for the type's default.
   * @throws DriverNotFound (404), InvalidParameterValue, MissingParameterValue (400).
   */
  onDriver(name: string, interfaceName: string | undefined, asked: Asked): PassthruCall {
    const driver = this.drivers.get(name);
    const vendorInterface = driver.vendorInterface(interfaceName ?? driver.defaultInterface('vendor'));
    return begin({ scope: 'driver', node: null }, driver, vendorInterface, asked);
  }

  /** @throws NodeNotServed (404) when the node's driver is not enabled. */
  driverOf(node: PassthruNode): Driver {
    const driver = this.drivers.find(node.driver);
    if (driver) return driver;
    throw new NodeNotServed(node.uuid, node.driver);
  }
}

function begin(target: Target, driver: Driver, vendorInterface: VendorInterface, asked: Asked): PassthruCall {
  if (!asked.method) throw new MissingParameterValue('Missing mandatory parameter: method');
  const method = vendorInterface.get(target.scope, asked.method);
  const httpMethod = acceptedVerb(method, asked.verb);
  const rawArgs = mergedArguments(method, asked);
  return {
    caller: asked.caller,
    requestId: asked.requestId,
    httpMethod,
    target,
    driver,
    vendorInterface,
    method,
    operation: { kind: 'vendor', interface: vendorInterface.name, name: method.name },
    rawArgs,
    args: rawArgs,
    reservation: undefined,
    jobId: undefined,
  };
}

function acceptedVerb(method: PassthruMethod, verb: string): HttpMethod {
  const accepted = method.http.find((each) => each === verb);
  if (accepted) return accepted;
  throw new InvalidParameterValue(
    `The method ${method.name} does not support HTTP ${verb}; it supports ${method.http.join(', ')}.`,
  );
}

function mergedArguments(method: PassthruMethod, { args, textArgs }: Asked): Record<string, unknown> {
  if (textArgs.size === 0) return args;
  const typed = [...textArgs].map(([name, text]) => {
    if (Object.hasOwn(args, name)) {
      throw new InvalidParameterValue(
        `Argument '${shortened(name)}' is given both in the body and in the query.`,
      );
    }
    const value = method.typed(name, text);
    assertStorable(value, `Argument '${shortened(name)}'`);
    return [name, value] as const;
  });
  return { ...args, ...Object.fromEntries(typed) };
}
