import { setTimeout as delay } from 'node:timers/promises';
import {
  BmcError,
  type ExclusiveTask,
  type Power,
  POWER_TARGETS,
  PowerInterface,
  type PowerState,
  type PowerTarget,
  type SharedTask,
} from '@ferrule/driver-kit';
import { IpmiBmcs } from './client/ipmi-bmcs.js';

type Command = 'on' | 'off' | 'soft' | 'cycle';

interface Step {
  readonly command: Command;
  readonly ends: PowerState;
}

/** A cycle is one command of the BMC, so that no server stays off if the service ends in the middle of it. */
const STEPS: Readonly<Record<PowerTarget, readonly Step[]>> = {
  'power on': [{ command: 'on', ends: 'power on' }],
  'power off': [{ command: 'off', ends: 'power off' }],
  rebooting: [{ command: 'cycle', ends: 'power on' }],
  'soft power off': [{ command: 'soft', ends: 'power off' }],
  'soft rebooting': [
    { command: 'soft', ends: 'power off' },
    { command: 'on', ends: 'power on' },
  ],
};

/** Milliseconds from a change to the first look, and between looks. */
const INTERVAL = 1_000;

@PowerInterface({ name: 'ipmitool', targets: POWER_TARGETS })
export class IpmitoolPower implements Power {
  constructor(private readonly bmcs: IpmiBmcs) {}

  async getPowerState(task: SharedTask): Promise<PowerState | null> {
    const words = ['chassis', 'power', 'status'];
    const said = await this.bmcs.run(task, { words, operation: words.join(' '), isReading: true });
    const [, state] = /Chassis Power is (on|off)/.exec(said) ?? [];
    return state === undefined ? null : state === 'on' ? 'power on' : 'power off';
  }

  async setPowerState(task: ExclusiveTask, target: PowerTarget): Promise<void> {
    for (const { command, ends } of STEPS[target]) {
      const words = ['chassis', 'power', command];
      await this.bmcs.run(task, { words, operation: words.join(' '), isReading: false });
      while ((await this.looked(task)) !== ends);
    }
  }

  /** Some BMCs do not answer while they switch the power. */
  private async looked(task: ExclusiveTask): Promise<PowerState | null> {
    await pause(task.signal);
    try {
      return await this.getPowerState(task);
    } catch (error) {
      if (error instanceof BmcError && !task.signal.aborted) return null;
      throw error;
    }
  }
}

async function pause(signal: AbortSignal): Promise<void> {
  try {
    await delay(INTERVAL, undefined, { signal });
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  }
}
