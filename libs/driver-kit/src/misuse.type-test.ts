// Code that must not compile: `@ts-expect-error` is an error if the next line compiles. Nothing here runs.
import { z } from 'zod';
import {
  Attachment,
  type BootOrder,
  DriverModule,
  DriverPassthru,
  type DriverTask,
  type ExclusiveTask,
  HardwareType,
  ManagementInterface,
  NoVendor,
  Passthru,
  Periodic,
  PowerInterface,
  type PowerState,
  type PowerTarget,
  ServiceSettings,
  Settings,
  type RehearsalTask,
  type SharedTask,
  VendorInterface,
} from './index.js';

const Args = z.object({ image: z.string(), retries: z.number().default(1) });
type Args = z.output<typeof Args>;
const Loose = z.looseObject({ name: z.string() });

@VendorInterface({ name: 'fine' })
export class Fine {
  @Passthru({ http: ['POST'], description: 'Do it.' })
  noArguments(_task: ExclusiveTask): void {}

  @Passthru({ http: ['POST'], description: 'Do it.', args: Args })
  async withArguments(
    task: ExclusiveTask,
    { image, retries }: Args,
  ): Promise<{ image: string; retries: number }> {
    await task.saveInternalInfo({ image });
    return { image, retries };
  }

  @Passthru({ http: ['POST'], description: 'Do it.', args: Args, lock: 'shared' })
  fewerArguments(_task: SharedTask, { image }: { image: string }): string {
    return image;
  }

  /** A method may take a lesser task than its lock gives. */
  @Passthru({ http: ['GET'], description: 'Do it.', async: false })
  sharedTaskUnderExclusiveLock(task: SharedTask): string {
    return task.node.uuid;
  }

  @Passthru({ http: ['GET'], description: 'Do it.', async: false, attach: true })
  attachment(_task: ExclusiveTask): Attachment {
    return new Attachment('text');
  }

  /** The interface may use what is injected into it, and check more than the schema can say. */
  private readonly mirrors: string[] = [];

  @Passthru({
    http: ['POST'],
    description: 'Do it.',
    args: Args,
    validate(this: Fine, task, { image }) {
      if (!this.mirrors.includes(image)) throw new Error(task.node.uuid);
    },
  })
  withCheck(_task: ExclusiveTask, _args: Args): void {}

  @DriverPassthru({
    http: ['POST'],
    description: 'Do it.',
    args: Args,
    async validate(task, { image }) {
      if (image === task.driver) throw new Error(image);
    },
  })
  ofTheDriverWithCheck(_task: DriverTask, _args: Args): void {}

  validate(task: SharedTask): void {
    task.driverInfo(Args);
  }

  /** What clients may add to the arguments can be returned. */
  @Passthru({ http: ['POST'], description: 'Do it.', args: Loose })
  looseArguments(_task: ExclusiveTask, args: z.output<typeof Loose>) {
    return { given: args, name: args.name };
  }

  /** An interface has no index signature. */
  @Passthru({ http: ['GET'], description: 'Do it.' })
  async versions(_task: ExclusiveTask): Promise<readonly Version[]> {
    return [{ major: 1 }];
  }

  @DriverPassthru({ http: ['GET'], description: 'Do it.', timeout: '30s' })
  ofTheDriver(task: DriverTask): string {
    return task.driver;
  }
}

interface Version {
  readonly major: number;
  readonly note?: string | undefined;
}
const Version = z.object({ major: z.number(), note: z.string().optional() });

@VendorInterface({ name: 'typed' })
export class TypedResults {
  /** An interface has no index signature, and is accepted with a schema of the result. */
  @Passthru({ http: ['GET'], description: 'Do it.', returns: Version, effect: 'read', since: '1.2.0' })
  async version(_task: ExclusiveTask): Promise<Version> {
    return { major: 1 };
  }

  // @ts-expect-error a result unlike its schema
  @Passthru({ http: ['GET'], description: 'Do it.', returns: Version })
  wrongResult(_task: ExclusiveTask): { major: string } {
    return { major: '1' };
  }

  // @ts-expect-error an effect that does not exist
  @Passthru({ http: ['GET'], description: 'Do it.', effect: 'none' })
  wrongEffect(_task: ExclusiveTask): void {}
}

interface Lazy {
  load(): number;
}

// @ts-expect-error a check that wants the lock
@VendorInterface({ name: 'locking' })
export class LockingCheck {
  validate(task: ExclusiveTask): void {
    task.fence.trim();
  }
}

@VendorInterface({ name: 'periodic' })
export class PeriodicMethods {
  @Periodic({ every: '5m', scope: 'node', description: 'Save the health.' })
  async saveHealth(task: ExclusiveTask): Promise<void> {
    await task.saveInternalInfo({ read: true });
  }

  @Periodic({ every: '1h', scope: 'node', lock: 'shared' })
  readHealth(task: SharedTask): string {
    return task.node.uuid;
  }

  @Periodic({ every: '7d', scope: 'driver', timeout: '2h' })
  readCatalogue(task: DriverTask): void {
    task.driver.trim();
  }

  // @ts-expect-error a task of an exclusive lock under a shared one
  @Periodic({ every: '5m', scope: 'node', lock: 'shared' })
  writesWithoutLock(_task: ExclusiveTask): void {}

  // @ts-expect-error the task of a node without one
  @Periodic({ every: '5m', scope: 'driver' })
  wantsNode(_task: SharedTask): void {}

  // @ts-expect-error a lock without a node
  @Periodic({ every: '5m', scope: 'driver', lock: 'shared' })
  locksNothing(_task: DriverTask): void {}

  // @ts-expect-error a misspelt option
  @Periodic({ every: '5m', scope: 'node', locks: 'shared' })
  misspelt(_task: ExclusiveTask): void {}

  // @ts-expect-error no duration
  @Periodic({ every: 'hourly', scope: 'node' })
  hourly(_task: ExclusiveTask): void {}

  // @ts-expect-error no duration
  @Periodic({ every: '5m', scope: 'node', timeout: 60 })
  unlimited(_task: ExclusiveTask): void {}

  // @ts-expect-error arguments, which nobody gives
  @Periodic({ every: '5m', scope: 'node' })
  wantsArguments(_task: ExclusiveTask, _args: object): void {}
}

export class Rehearsed {
  @Passthru({ http: ['POST'], description: 'Do it.', rehearsal: true })
  inBothWays(task: ExclusiveTask | RehearsalTask): string {
    return 'rehearsal' in task ? task.rehearsal.node.uuid : task.fence;
  }

  // @ts-expect-error a rehearsal that the method does not know of
  @Passthru({ http: ['POST'], description: 'Do it.', rehearsal: true })
  onlyWithLock(_task: ExclusiveTask): void {}

  // @ts-expect-error the same under a shared lock
  @Passthru({ http: ['POST'], description: 'Do it.', rehearsal: true, lock: 'shared' })
  onlyShared(_task: SharedTask): void {}

  @Passthru({ http: ['POST'], description: 'Do it.', rehearsal: true })
  async writesAlways(task: ExclusiveTask | RehearsalTask): Promise<void> {
    // @ts-expect-error a rehearsal has no driver_info
    void task.node;
    // @ts-expect-error a rehearsal stores nothing
    await task.saveInternalInfo({ written: true });
  }

  // @ts-expect-error a driver-level method has none
  @DriverPassthru({ http: ['POST'], description: 'Do it.', rehearsal: true })
  ofTheDriver(_task: DriverTask): void {}
}

export class Misuse {
  // @ts-expect-error an argument typed unlike its schema
  @Passthru({ http: ['POST'], description: 'Do it.', args: Args })
  wrongArgumentType(_task: ExclusiveTask, _args: { image: number }): void {}

  // @ts-expect-error an argument that the schema does not have
  @Passthru({ http: ['POST'], description: 'Do it.', args: Args })
  unknownArgument(_task: ExclusiveTask, _args: { image: string; force: boolean }): void {}

  // @ts-expect-error arguments without a schema
  @Passthru({ http: ['POST'], description: 'Do it.' })
  argumentsWithoutSchema(_task: ExclusiveTask, _args: Args): void {}

  // @ts-expect-error an exclusive task under a shared lock
  @Passthru({ http: ['POST'], description: 'Do it.', lock: 'shared' })
  exclusiveTaskUnderSharedLock(_task: ExclusiveTask): void {}

  @Passthru({ http: ['POST'], description: 'Do it.', lock: 'shared' })
  async writeThroughSharedLock(task: SharedTask): Promise<void> {
    // @ts-expect-error a write through a shared lock
    await task.saveInternalInfo({ written: true });
  }

  // @ts-expect-error JSON from an attachment method
  @Passthru({ http: ['GET'], description: 'Do it.', attach: true })
  jsonFromAttachment(_task: ExclusiveTask): { text: string } {
    return { text: 'no file' };
  }

  // @ts-expect-error an attachment from a method that does not declare one
  @Passthru({ http: ['GET'], description: 'Do it.' })
  undeclaredAttachment(_task: ExclusiveTask): Attachment {
    return new Attachment('text');
  }

  // @ts-expect-error a result that JSON cannot carry
  @Passthru({ http: ['GET'], description: 'Do it.' })
  noJson(_task: ExclusiveTask): { when: Date } {
    return { when: new Date() };
  }

  // @ts-expect-error a function in an interface
  @Passthru({ http: ['GET'], description: 'Do it.' })
  noJsonInterface(_task: ExclusiveTask): Promise<Lazy> {
    return Promise.resolve({ load: () => 1 });
  }

  // @ts-expect-error a bigint in a list
  @Passthru({ http: ['GET'], description: 'Do it.' })
  noJsonList(_task: ExclusiveTask): { readonly sizes: readonly bigint[] } {
    return { sizes: [1n] };
  }

  @Passthru({
    http: ['POST'],
    description: 'Do it.',
    args: Args,
    validate(task, { image }) {
      image.trim();
      // @ts-expect-error the lock is not yet taken
      void task.fence;
    },
  })
  lockInCheck(_task: ExclusiveTask, _args: Args): void {}

  // @ts-expect-error a check of other arguments
  @Passthru({
    http: ['POST'],
    description: 'Do it.',
    args: Args,
    // @ts-expect-error the same
    validate(_task, _args: { force: string }) {},
  })
  wrongCheck(_task: ExclusiveTask, _args: Args): void {}

  // @ts-expect-error the task of a node in a driver-level method
  @DriverPassthru({ http: ['GET'], description: 'Do it.' })
  nodeTaskWithoutNode(_task: SharedTask): void {}

  // @ts-expect-error the task of a driver in a node method
  @Passthru({ http: ['GET'], description: 'Do it.' })
  driverTaskWithNode(_task: DriverTask): void {}

  // @ts-expect-error an unknown verb
  @Passthru({ http: ['FETCH'], description: 'Do it.' })
  unknownVerb(_task: ExclusiveTask): void {}

  // @ts-expect-error no verb
  @Passthru({ http: [], description: 'Do it.' })
  noVerb(_task: ExclusiveTask): void {}

  // @ts-expect-error no description
  @Passthru({ http: ['GET'] })
  noDescription(_task: ExclusiveTask): void {}

  // @ts-expect-error no description of a driver-level method
  @DriverPassthru({ http: ['GET'] })
  noDriverDescription(_task: DriverTask): void {}

  // @ts-expect-error a misspelt option
  @Passthru({ http: ['GET'], description: 'Do it.', locks: 'shared' })
  misspeltOption(_task: ExclusiveTask): void {}

  // @ts-expect-error a lock on a driver-level method
  @DriverPassthru({ http: ['GET'], description: 'Do it.', lock: 'shared' })
  lockWithoutNode(_task: DriverTask): void {}

  // @ts-expect-error a duration without a unit
  @Passthru({ http: ['GET'], description: 'Do it.', timeout: '30' })
  noDuration(_task: ExclusiveTask): void {}
}

@PowerInterface({ name: 'power', targets: ['power on', 'power off'] })
export class PlainPower {
  async getPowerState(task: SharedTask): Promise<PowerState | null> {
    return task.node.powerState;
  }

  async setPowerState(task: ExclusiveTask, target: 'power on' | 'power off'): Promise<void> {
    await task.saveInternalInfo({ [target]: task.fence });
  }

  validate(task: SharedTask): void {
    task.driverInfo(Args);
  }
}

@PowerInterface({ name: 'more', targets: ['power on'] })
export class MorePower extends PlainPower {
  /** A class may know more targets than it declares. */
  override async setPowerState(_task: ExclusiveTask, _target: PowerTarget): Promise<void> {}
}

// @ts-expect-error a target that the class does not know
@PowerInterface({ name: 'power', targets: ['power on', 'rebooting'] })
export class NoReboot extends PlainPower {}

// @ts-expect-error a target that does not exist
@PowerInterface({ name: 'power', targets: ['reboot'] })
export class WrongTarget extends PlainPower {}

// @ts-expect-error no target
@PowerInterface({ name: 'power', targets: [] })
export class NoTarget extends PlainPower {}

// @ts-expect-error a reading that wants the lock
@PowerInterface({ name: 'power', targets: ['power on'] })
export class LockedReading {
  getPowerState(task: ExclusiveTask): PowerState {
    return task.fence === '1' ? 'power on' : 'power off';
  }
  setPowerState(): void {}
}

// @ts-expect-error a state that does not exist
@PowerInterface({ name: 'power', targets: ['power on'] })
export class WrongState {
  getPowerState(): string {
    return 'on';
  }
  setPowerState(): void {}
}

// @ts-expect-error a class without the methods
@PowerInterface({ name: 'power', targets: ['power on'] })
export class NoPower {}

@ManagementInterface({ name: 'boot', bootDevices: ['pxe', 'disk'] })
export class PlainManagement {
  getBootDevice(_task: SharedTask): BootOrder {
    return { device: 'pxe', persistent: false };
  }

  async setBootDevice(
    task: ExclusiveTask,
    device: 'pxe' | 'disk',
    { persistent }: { readonly persistent: boolean },
  ): Promise<void> {
    await task.saveInternalInfo({ device, persistent });
  }

  injectNmi(task: ExclusiveTask): void {
    task.fence.trim();
  }
}

// @ts-expect-error a device that the class does not know
@ManagementInterface({ name: 'boot', bootDevices: ['pxe', 'floppy'] })
export class NoFloppy extends PlainManagement {}

// @ts-expect-error a device that does not exist
@ManagementInterface({ name: 'boot', bootDevices: ['usb'] })
export class NoSuchDevice extends PlainManagement {}

// @ts-expect-error a text for a flag
@ManagementInterface({ name: 'boot', bootDevices: ['pxe'] })
export class TextForFlag {
  getBootDevice(): BootOrder {
    return { device: null, persistent: null };
  }
  setBootDevice(_task: ExclusiveTask, _device: 'pxe', _options: { persistent: string }): void {}
}

HardwareType({
  name: 'all',
  interfaces: {
    vendor: [NoVendor],
    power: [PlainPower, 'noop'],
    management: [PlainManagement],
    boot: ['pxe'],
  },
});

// @ts-expect-error an interface of another kind
HardwareType({ name: 'crossed', interfaces: { vendor: [NoVendor], power: [PlainManagement] } });

// @ts-expect-error a class of a kind that has names only
HardwareType({ name: 'names', interfaces: { vendor: [NoVendor], boot: [PlainManagement] } });

// @ts-expect-error a name in place of the vendor interface's class
HardwareType({ name: 'named', interfaces: { vendor: ['acme'] } });

// @ts-expect-error a hardware type without a vendor interface
HardwareType({ name: 'none', interfaces: { vendor: [] } });

// @ts-expect-error an interface of an unknown kind
HardwareType({ name: 'kind', interfaces: { vendor: [NoVendor], vendors: ['x'] } });

// @ts-expect-error another major version of the kit
DriverModule({ kit: 2, hardwareTypes: [Fine] });

class FineSettings extends Settings(
  z.object({
    mirror: z.url().optional(),
    retries: z.coerce.number<string>().default(3),
    hosts: z.string().transform((text) => text.split(',')),
    verbose: z.stringbool().default(false),
  }),
) {}
DriverModule({ kit: 1, hardwareTypes: [Fine], settings: FineSettings });

export class Consumer {
  readonly retries: number;
  readonly hosts: readonly string[];

  constructor(settings: FineSettings, service: ServiceSettings) {
    this.retries = settings.retries;
    this.hosts = service.bmcNetworks ?? settings.hosts;
    // @ts-expect-error an optional setting used as if it were set
    settings.mirror.toString();
    // @ts-expect-error a setting that the schema does not have
    void settings.mirrors;
    // @ts-expect-error a setting of another type
    const verbose: string = settings.verbose;
    // @ts-expect-error a setting that is written
    settings.retries = verbose.length;
    // @ts-expect-error a setting that the service does not have
    void service.bmcNetwork;
  }
}

export const fine: FineSettings = new FineSettings({ hosts: 'a,b' });

// @ts-expect-error settings of another class
new Consumer(new ServiceSettings(), new ServiceSettings());

// @ts-expect-error settings without one that is required
new FineSettings({ retries: '5' });

// @ts-expect-error a setting that cannot be read from a text
Settings(z.object({ retries: z.number() }));

// @ts-expect-error settings that are not a class made with `Settings`
DriverModule({ kit: 1, hardwareTypes: [Fine], settings: Fine });

// @ts-expect-error a schema instead of the class made from it
DriverModule({ kit: 1, hardwareTypes: [Fine], settings: z.object({ mirror: z.string() }) });
