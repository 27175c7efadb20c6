import { type HttpMethod, InvalidParameterValue, MissingParameterValue } from '@ferrule/driver-kit';
import { Injectable } from '@nestjs/common';
import { type Caller } from '../auth/caller.js';
import { type Driver } from '../drivers/driver.js';
import { DriverRegistry } from '../drivers/driver.registry.js';
import { type PassthruMethod } from '../drivers/execution/passthru-method.js';
import { type VendorInterface } from '../drivers/vendor-interface.js';
import { shortened } from '../http/listed.js';
import { assertStorable } from '../http/storable.js';
import { NodeNotServed } from '../nodes/errors.js';
import { type PassthruNode } from '../nodes/node.js';
import { type PassthruCall, type Target } from './passthru-call.js';

/** What a caller asks for, wherever it comes from. */
export interface Asked {
  readonly caller: Caller;
  readonly requestId: string;
  /** The verb of HTTP that stands for the call; a method accepts some of them. */
  readonly verb: string;
  /** Name of the method; undefined when none was given. */
  readonly method: string | undefined;
  readonly args: Record<string, unknown>;
  /** Further arguments as texts, from a query for example; their types are the schema's to tell. */
  readonly textArgs: ReadonlyMap<string, string>;
}

/** Begins passthru calls; what a call still needs then are its checks and its lock. */
@Injectable()
export class PassthruCallFactory {
  constructor(private readonly drivers: DriverRegistry) {}

  /**
   * A call of a node's method: the node's own vendor interface answers.
   * @throws NodeNotServed (404), InvalidParameterValue, MissingParameterValue (400).
   */
  onNode(node: PassthruNode, asked: Asked): PassthruCall {
    const driver = this.driverOf(node);
    const vendorInterface = driver.vendorInterface(node.vendorInterface);
    return begin({ scope: 'node', node }, driver, vendorInterface, asked);
  }

  /**
   * A call of a driver's method: the vendor interface that is named answers, or the type's default.
   * @throws DriverNotFound (404), InvalidParameterValue, MissingParameterValue (400).
   */
  onDriver(name: string, interfaceName: string | undefined, asked: Asked): PassthruCall {
    const driver = this.drivers.get(name);
    const vendorInterface = driver.vendorInterface(interfaceName ?? driver.defaultInterface('vendor'));
    return begin({ scope: 'driver', node: null }, driver, vendorInterface, asked);
  }

  /** @throws NodeNotServed (404) when its driver is not enabled here. */
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
        `Argument '${shortened(name)}' is given in the body and in the query; give it once.`,
      );
    }
    const value = method.typed(name, text);
    assertStorable(value, `Argument '${shortened(name)}'`);
    return [name, value] as const;
  });
  return { ...args, ...Object.fromEntries(typed) };
}
