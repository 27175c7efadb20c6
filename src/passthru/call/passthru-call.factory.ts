import { type HttpMethod, InvalidParameterValue, MissingParameterValue } from '@ferrule/driver-kit';
import { type ClassKind } from '@ferrule/driver-kit/host';
import { Inject, Injectable } from '@nestjs/common';
import { type Driver } from '../../drivers/driver.js';
import { DriverRegistry } from '../../drivers/driver.registry.js';
import { type PassthruMethod } from '../../drivers/methods/passthru-method.js';
import { type DriverInterface } from '../../drivers/methods/driver-interface.js';
import { shortened } from '../../text/listed.js';
import { assertExactIntegers, assertStorable } from '../../http/bodies/assert-json.js';
import { interfaceNameOf, type PassthruNode } from '../../nodes/record/passthru-node.js';
import { JOB_ID } from './call-headers.js';
import { OwnDrivers } from '../../nodes/own-drivers.js';
import { type CallInput } from './call-input.js';
import { CallRecord } from './call-record.js';
import { type PassthruCall, type Target } from './passthru-call.js';

/** The arguments are not yet checked and the lock is not yet taken. */
@Injectable()
export class PassthruCallFactory {
  constructor(
    private readonly drivers: DriverRegistry,
    @Inject(OwnDrivers) private readonly own: Pick<OwnDrivers, 'ofNode' | 'named'>,
  ) {}

  onNode(node: PassthruNode, input: CallInput): PassthruCall {
    const driver = this.own.ofNode(node);
    const vendorInterface = driver.interface('vendor', node.vendorInterface);
    return newCall({ scope: 'node', node }, driver, vendorInterface, input);
  }

  /** An operation of another kind, whose name is the method of the input. */
  ofOperation(node: PassthruNode, kind: ClassKind, input: CallInput): PassthruCall {
    const driver = this.own.ofNode(node);
    return newCall(
      { scope: 'node', node },
      driver,
      driver.interface(kind, interfaceNameOf(node, kind)),
      input,
    );
  }

  /** @param interfaceName undefined for the type's default. */
  onDriver(name: string, interfaceName: string | undefined, input: CallInput): PassthruCall {
    const driver = this.own.named(name);
    const vendorInterface = driver.interface('vendor', interfaceName ?? driver.defaultInterface('vendor'));
    return newCall({ scope: 'driver', node: null }, driver, vendorInterface, input);
  }

  vendorOfNode({ driver, vendorInterface }: PassthruNode): DriverInterface | undefined {
    return this.drivers.find(driver)?.findInterface('vendor', vendorInterface);
  }

  vendorOfDriver(name: string, interfaceName: string | undefined): DriverInterface | undefined {
    const driver = this.drivers.find(name);
    return driver?.findInterface('vendor', interfaceName ?? driver.defaultInterface('vendor'));
  }
}

function newCall(
  target: Target,
  driver: Driver,
  vendorInterface: DriverInterface,
  input: CallInput,
): PassthruCall {
  if (!input.method) throw new MissingParameterValue('Missing mandatory parameter: method');
  const method = vendorInterface.get(target.scope, input.method);
  const httpMethod = acceptedVerb(method, input.verb);
  if (input.chosenJobId !== undefined && !method.isAsync) {
    throw new InvalidParameterValue(
      `The method ${method.name} is synchronous and has no job: ${JOB_ID} is not for it.`,
    );
  }
  const rawArgs = mergedArguments(method, input);
  return {
    caller: input.caller,
    requestId: input.requestId,
    remoteAddress: input.remoteAddress,
    idempotencyKey: input.idempotencyKey,
    chosenJobId: input.chosenJobId,
    httpMethod,
    target,
    driver,
    vendorInterface,
    method,
    operation: { kind: vendorInterface.kind, interface: vendorInterface.name, name: method.name },
    rawArgs,
    args: rawArgs,
    fleetCall: input.fleetCall,
    wait: input.wait,
    decision: undefined,
    heldKey: undefined,
    reservation: undefined,
    jobId: undefined,
    record: new CallRecord(input.wantsProblem),
  };
}

function acceptedVerb(method: PassthruMethod, verb: string): HttpMethod {
  const accepted = method.http.find((each) => each === verb);
  if (accepted) return accepted;
  throw new InvalidParameterValue(
    `The method ${method.name} does not support HTTP ${verb}; it supports ${method.http.join(', ')}.`,
  );
}

function mergedArguments(method: PassthruMethod, { args, textArgs }: CallInput): Record<string, unknown> {
  if (textArgs.size === 0) return args;
  const typed = [...textArgs].map(([name, text]) => {
    if (Object.hasOwn(args, name)) {
      throw new InvalidParameterValue(
        `Argument '${shortened(name)}' is given both in the body and in the query.`,
      );
    }
    const value = method.typed(name, text);
    assertStorable(value, `Argument '${shortened(name)}'`);
    if (typeof value !== 'string') assertExactIntegers(text, `Argument '${shortened(name)}'`);
    return [name, value] as const;
  });
  return { ...args, ...Object.fromEntries(typed) };
}
