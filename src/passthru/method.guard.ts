import { type HttpMethod, InvalidParameterValue } from '@ferrule/driver-kit';
import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { type Request } from 'express';
import { type Driver } from '../drivers/driver.js';
import { DriverRegistry } from '../drivers/driver.registry.js';
import { type PassthruMethod } from '../drivers/execution/passthru-method.js';
import { type VendorInterface } from '../drivers/vendor-interface.js';
import { NodeNotServed } from '../nodes/errors.js';
import { type PassthruNode } from '../nodes/node.js';
import { nodeReference } from '../nodes/node-reference.js';
import { PassthruNodes } from '../nodes/passthru-nodes.js';
import { type CallRequest, mergeArguments, methodName, readCall } from './call-arguments.js';
import { type Target } from './passthru-call.js';

/** What a call is directed at, with the vendor interface that answers it. */
interface Addressee {
  readonly target: Target;
  readonly driver: Driver;
  readonly vendorInterface: VendorInterface;
}

/** Begins the call: reads the request, finds whom it is for, and the method that it names. */
abstract class MethodGuard implements CanActivate {
  /** Query parameters of the endpoint itself. */
  protected abstract readonly ownParameters: readonly string[];
  protected abstract find(request: Request, call: CallRequest): Promise<Addressee>;

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<Request>();
    const asked = readCall(request, this.ownParameters);
    const addressee = await this.find(request, asked);
    const method = addressee.vendorInterface.get(addressee.target.scope, methodName(asked));
    const httpMethod = acceptedVerb(method, request.method);
    const rawArgs = mergeArguments(asked, (name, text) => method.typed(name, text));
    const { requestId } = request;
    request.passthruCall = {
      ...addressee,
      method,
      httpMethod,
      requestId,
      rawArgs,
      args: rawArgs,
      reservation: undefined,
    };
    return true;
  }
}

/** For `/v1/nodes/{node}/vendor_passthru`: the node's own vendor interface answers. */
@Injectable()
export class NodeMethodGuard extends MethodGuard {
  protected readonly ownParameters = ['method'];

  constructor(
    private readonly nodes: PassthruNodes,
    private readonly drivers: DriverRegistry,
  ) {
    super();
  }

  protected async find(request: Request): Promise<Addressee> {
    const node = await this.nodes.get(nodeReference(request));
    const driver = driverOf(node, this.drivers);
    return {
      target: { scope: 'node', node },
      driver,
      vendorInterface: driver.vendorInterface(node.vendorInterface),
    };
  }
}

/** For `/v1/drivers/{driver}/vendor_passthru`: the type's default vendor interface, or the one that is named. */
@Injectable()
export class DriverMethodGuard extends MethodGuard {
  protected readonly ownParameters = ['method', 'vendor_interface'];

  constructor(private readonly drivers: DriverRegistry) {
    super();
  }

  protected async find(request: Request, call: CallRequest): Promise<Addressee> {
    const driver = this.drivers.get(String(request.params['driver']));
    const name = call.vendorInterface ?? driver.defaultInterface('vendor');
    return { target: { scope: 'driver', node: null }, driver, vendorInterface: driver.vendorInterface(name) };
  }
}

function acceptedVerb(method: PassthruMethod, verb: string): HttpMethod {
  const accepted = method.http.find((each) => each === verb);
  if (accepted) return accepted;
  throw new InvalidParameterValue(
    `The method ${method.name} does not support HTTP ${verb}; it supports ${method.http.join(', ')}.`,
  );
}

/** @throws NodeNotServed (404) when its driver is not enabled here. */
export function driverOf(node: PassthruNode, drivers: DriverRegistry): Driver {
  const driver = drivers.find(node.driver);
  if (driver) return driver;
  throw new NodeNotServed(node.uuid, node.driver);
}
