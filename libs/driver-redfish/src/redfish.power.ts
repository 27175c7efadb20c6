import {
  type ExclusiveTask,
  InvalidParameterValue,
  type Power,
  PowerInterface,
  type PowerState,
  POWER_TARGETS,
  type PowerTarget,
  type SharedTask,
} from '@ferrule/driver-kit';
import { type CallOptions, Power as SystemPower } from '@ferrule/redfish';
import { type BmcCall } from './bmc/bmc-call.js';
import { NodeBmcs } from './bmc/node-bmcs.js';
import { pause } from './bmc/pause.js';

/** Values of ResetType that do what is asked for, the best first. */
const RESETS: Readonly<Record<PowerTarget, readonly string[]>> = {
  'power on': ['On', 'ForceOn', 'PushPowerButton'],
  'power off': ['ForceOff'],
  rebooting: ['ForceRestart', 'PowerCycle'],
  'soft power off': ['GracefulShutdown'],
  'soft rebooting': ['GracefulRestart'],
};

const STATES: ReadonlyMap<string | undefined, PowerState> = new Map([
  ['On', 'power on'],
  ['Off', 'power off'],
]);

/** Ironic's power interface over ComputerSystem.Reset. */
@PowerInterface({ name: 'redfish', targets: POWER_TARGETS })
export class RedfishPower implements Power {
  constructor(private readonly bmcs: NodeBmcs) {}

  getPowerState(task: SharedTask): Promise<PowerState | null> {
    return this.bmcs.use(task, ({ bmc, options }) => stateOf(new SystemPower(bmc), options));
  }

  async setPowerState(task: ExclusiveTask, target: PowerTarget): Promise<void> {
    const { steps, interval } = await this.bmcs.use(task, async (call) => ({
      steps: await stepsTo(call, target),
      interval: call.patience.interval,
    }));
    for (const { type, goal } of steps) {
      task.progress({ message: `Resetting the system: ${type}` });
      await this.bmcs.use(task, ({ bmc, options }) => new SystemPower(bmc).reset(type, options));
      task.progress({ message: `Waiting until the system reports ${goal}` });
      // The BMC has done what it was asked for, so the end of the time is no doubt about that.
      while ((await this.getPowerState(task)) !== goal) await pause(interval, task.signal);
    }
  }
}

/** Ironic's name for the same on Dell servers. */
@PowerInterface({ name: 'idrac-redfish', targets: POWER_TARGETS })
export class IdracRedfishPower extends RedfishPower {}

interface Step {
  readonly type: string;
  readonly goal: PowerState;
}

/** @throws InvalidParameterValue (400) if the BMC has no reset for it */
async function stepsTo({ bmc, options, nodeUuid }: BmcCall, target: PowerTarget): Promise<Step[]> {
  const allowed = await new SystemPower(bmc).resetTypes(options);
  const step = stepTo(target, allowed);
  if (step) return [step];
  if (target === 'rebooting') {
    const [off, on] = [stepTo('power off', allowed), stepTo('power on', allowed)];
    if (off && on) return [off, on];
  }
  throw new InvalidParameterValue(
    `The BMC of node ${nodeUuid} cannot do '${target}'; its ResetType may be ${allowed.join(', ')}.`,
  );
}

/** Of a BMC that does not say what it allows, the best is expected. */
function stepTo(target: PowerTarget, allowed: readonly string[]): Step | undefined {
  const type = RESETS[target].find((each) => allowed.length === 0 || allowed.includes(each));
  const goal = target.endsWith('power off') ? 'power off' : 'power on';
  return type === undefined ? undefined : { type, goal };
}

async function stateOf(power: SystemPower, options: CallOptions): Promise<PowerState | null> {
  return STATES.get(await power.state(options)) ?? null;
}
