import {
  DriverPassthru,
  InvalidParameterValue,
  KIT_VERSION,
  MissingParameterValue,
  Passthru,
  ServiceSettings,
  VendorInterface,
} from '@ferrule/driver-kit';
import { methodsOf } from '@ferrule/driver-kit/host';
import { z } from 'zod';
import { ANYONE } from '../../auth/caller.js';
import { Driver } from '../../drivers/driver.js';
import { DriverRegistry } from '../../drivers/driver.registry.js';
import { DriverUnknown } from '../../drivers/errors.js';
import { MalformedBody } from '../../http/errors.js';
import { DriverInterface } from '../../drivers/methods/driver-interface.js';
import { type PassthruNode } from '../../nodes/record/passthru-node.js';
import { type CallInput } from './call-input.js';
import { PassthruCallFactory } from './passthru-call.factory.js';

@VendorInterface({ name: 'acme' })
class AcmeVendor {
  @Passthru({
    http: ['GET'],
    description: 'Do it.',
    args: z.object({ slot: z.number(), label: z.string().optional() }),
  })
  readLog(): void {}

  @DriverPassthru({ http: ['GET'], description: 'Do it.' })
  slots(): number {
    return 2;
  }
}

const NODE: PassthruNode = {
  id: '1',
  uuid: '7a1c1f2e-0000-4000-8000-000000000001',
  name: 'n1',
  driver: 'acme-xr',
  driverInfo: {},
  driverInternalInfo: {},
  properties: {},
  extra: {},
  instanceInfo: {},
  powerState: null,
  conductorGroup: '',
  disablePowerOff: false,
  vendorInterface: 'acme',
  powerInterface: 'noop',
  managementInterface: 'noop',
  lastErrorByPassthru: false,
  updatedAt: null,
  owner: null,
  lessee: null,
};

const INPUT: CallInput = {
  caller: ANYONE,
  requestId: 'req-1',
  remoteAddress: '192.0.2.7',
  verb: 'GET',
  method: 'read_log',
  args: {},
  textArgs: new Map(),
  idempotencyKey: undefined,
  chosenJobId: undefined,
  wantsProblem: false,
};

const NONE = {
  bios: [],
  boot: [],
  console: [],
  deploy: [],
  firmware: [],
  inspect: [],
  management: [],
  network: [],
  power: [],
  raid: [],
  rescue: [],
  storage: [],
};
const NO_DEFAULTS = {
  bios: '',
  boot: '',
  console: '',
  deploy: '',
  firmware: '',
  inspect: '',
  management: '',
  network: '',
  power: '',
  raid: '',
  rescue: '',
  storage: '',
};

function factory(): PassthruCallFactory {
  class AcmeXr {}
  const loaded = {
    from: {
      name: 'acme-xr',
      package: 'driver-acme',
      version: '1.0.0',
      folder: '/',
      file: '/index.js',
      siblings: ['acme-xr'],
    },
    module: AcmeXr,
    hardwareType: AcmeXr,
    options: { name: 'acme-xr', interfaces: { vendor: [AcmeVendor] as const } },
    declared: { kit: KIT_VERSION, hardwareTypes: [AcmeXr] as const, serviceSettings: ServiceSettings },
  } as const;
  const composed = {
    loaded,
    enabled: { ...NONE, vendor: ['acme'] },
    defaults: { ...NO_DEFAULTS, vendor: 'acme' },
    classes: [{ kind: 'vendor', name: 'acme', type: AcmeVendor }] as const,
  };
  const vendor = new DriverInterface(
    'vendor',
    'acme',
    'driver-acme@1.0.0',
    new AcmeVendor(),
    methodsOf(AcmeVendor),
  );
  const driver = new Driver(composed, new AcmeXr(), [vendor], [composed]);
  const registry = new DriverRegistry([driver]);
  return new PassthruCallFactory(registry, { ofNode: () => driver, named: (name) => registry.get(name) });
}

describe('a passthru call that is made without a request', () => {
  it('has the operation, the node and the arguments, typed by the schema', () => {
    const textArgs = new Map([
      ['slot', '1'],
      ['label', '2'],
    ]);
    const call = factory().onNode(NODE, { ...INPUT, textArgs });
    expect(call).toMatchObject({
      caller: ANYONE,
      requestId: 'req-1',
      httpMethod: 'GET',
      target: { scope: 'node', node: NODE },
      operation: { kind: 'vendor', interface: 'acme', name: 'read_log' },
      rawArgs: { slot: 1, label: '2' },
      reservation: undefined,
      jobId: undefined,
    });
  });

  it('may be one of the driver, by the default interface', () => {
    const call = factory().onDriver('acme-xr', undefined, { ...INPUT, method: 'slots' });
    expect(call).toMatchObject({ target: { scope: 'driver', node: null }, operation: { name: 'slots' } });
  });

  it.each([
    ['no method', { ...INPUT, method: undefined }, MissingParameterValue],
    ['an unknown method', { ...INPUT, method: 'nonesuch' }, InvalidParameterValue],
    ['a method of the driver', { ...INPUT, method: 'slots' }, InvalidParameterValue],
    [
      'an integer that cannot be kept',
      { ...INPUT, textArgs: new Map([['slot', '12345678901234567890']]) },
      MalformedBody,
    ],
    ['a wrong verb', { ...INPUT, verb: 'POST' }, InvalidParameterValue],
    [
      'an argument that is given twice',
      { ...INPUT, args: { slot: 1 }, textArgs: new Map([['slot', '2']]) },
      InvalidParameterValue,
    ],
  ])('is refused with %s', (_, input, error) => {
    expect(() => factory().onNode(NODE, input)).toThrow(error);
  });

  it('is refused for a driver that is not there', () => {
    expect(() => factory().onDriver('gone', undefined, INPUT)).toThrow(DriverUnknown);
  });
});
