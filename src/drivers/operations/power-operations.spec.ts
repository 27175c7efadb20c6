import {
  type ExclusiveTask,
  OutcomeUnknown,
  type Power,
  POWER_TARGETS,
  type PowerState,
  type PowerTarget,
} from '@ferrule/driver-kit';
import { ANYONE } from '../../auth/caller.js';
import { PowerOperations } from './power-operations.js';

const NODE = {
  uuid: '3f0c1b1e-7a52-4f0e-9d38-0a7c4d5e6f10',
  name: null,
  driver: 'acme',
  driverInfo: {},
  driverInternalInfo: {},
  properties: {},
  extra: {},
  instanceInfo: {},
  powerState: null,
};

function task(signal = new AbortController().signal): ExclusiveTask {
  return {
    httpMethod: 'PUT',
    requestId: 'req-1',
    caller: ANYONE,
    signal,
    node: NODE,
    fence: '7',
    progress: () => {},
    driverInfo: (schema) => schema.parse(NODE.driverInfo),
    saveInternalInfo: async () => {},
  };
}

/** A server whose power changes as `change` says. */
class Server implements Power {
  readonly asked: PowerTarget[] = [];

  constructor(
    private readonly state: PowerState | null,
    private readonly change: (task: ExclusiveTask) => void | Promise<void> = () => {},
  ) {}

  getPowerState(): PowerState | null {
    return this.state;
  }

  setPowerState(given: ExclusiveTask, target: PowerTarget): void | Promise<void> {
    this.asked.push(target);
    return this.change(given);
  }
}

const operations = (server: Power, targets: readonly [PowerTarget, ...PowerTarget[]] = POWER_TARGETS) =>
  new PowerOperations(server, { name: 'acme', targets });

const untilAborted = ({ signal }: ExclusiveTask) =>
  new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error));
  });

describe('a power change', () => {
  it.each<[PowerState | null, PowerTarget, PowerTarget[], PowerState]>([
    ['power off', 'power on', ['power on'], 'power on'],
    ['power on', 'power on', [], 'power on'],
    ['power off', 'power off', [], 'power off'],
    ['power off', 'soft power off', [], 'power off'],
    ['power on', 'soft power off', ['soft power off'], 'power off'],
    ['power on', 'rebooting', ['rebooting'], 'power on'],
    ['power off', 'rebooting', ['power on'], 'power on'],
    ['power off', 'soft rebooting', ['power on'], 'power on'],
    [null, 'power on', ['power on'], 'power on'],
    [null, 'soft rebooting', ['soft rebooting'], 'power on'],
  ])('of a server that is %j, to %s, asks for %j and ends in %s', async (before, target, asked, after) => {
    const server = new Server(before);
    await expect(operations(server).setPowerState(task(), { target })).resolves.toBe(after);
    expect(server.asked).toEqual(asked);
  });

  it('is refused for a target that the interface does not have', async () => {
    const server = new Server('power on');
    const change = operations(server, ['power on', 'power off']).setPowerState(task(), {
      target: 'rebooting',
    });
    await expect(change).rejects.toMatchObject({
      status: 400,
      message:
        "The power interface acme does not support the target 'rebooting'; it supports power off, power on.",
    });
    expect(server.asked).toEqual([]);
  });

  it('fails with the target and the time when its time is over', async () => {
    const server = new Server('power on', untilAborted);
    const change = operations(server).setPowerState(task(), { target: 'soft power off', timeout: 1 });
    await expect(change).rejects.toMatchObject({
      code: 'PowerStateFailure',
      failure: 'timeout',
      message: 'Failed to set node power state to soft power off: it was not reached within 1 s.',
    });
  });

  it('stays in doubt if the interface says so when its time is over', async () => {
    const server = new Server('power on', (given) =>
      untilAborted(given).catch(() => {
        throw new OutcomeUnknown('The answer was lost.');
      }),
    );
    const change = operations(server).setPowerState(task(), { target: 'power off', timeout: 1 });
    await expect(change).rejects.toThrow('The answer was lost.');
  });

  it('ends with the reason of the task when that is aborted', async () => {
    const controller = new AbortController();
    const server = new Server('power on', untilAborted);
    const change = operations(server).setPowerState(task(controller.signal), { target: 'power off' });
    controller.abort(new Error('the lock was lost'));
    await expect(change).rejects.toThrow('the lock was lost');
  });

  it('asks for nothing after an abort', async () => {
    const server = new Server('power on');
    const change = operations(server).setPowerState(task(AbortSignal.abort(new Error('cancelled'))), {
      target: 'power off',
    });
    await expect(change).rejects.toThrow('cancelled');
    expect(server.asked).toEqual([]);
  });
});
