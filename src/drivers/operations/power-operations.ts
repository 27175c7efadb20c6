import {
  BmcError,
  type ExclusiveTask,
  InvalidParameterValue,
  OutcomeUnknown,
  Passthru,
  type Power,
  type PowerInterfaceOptions,
  type PowerState,
  POWER_TARGETS,
  type PowerTarget,
  type SharedTask,
} from '@ferrule/driver-kit';
import { z } from 'zod';
import { listed } from '../../text/listed.js';

/** The operation that changes the power of a node. */
export const SET_POWER_STATE = 'set_power_state';

const LONGEST = 7_200;
/** Seconds that a change may take if the caller does not say; an operating system may be slow to shut down. */
const HARD_LIMIT = 120;
const SOFT_LIMIT = 600;

const PowerChange = z.strictObject({
  target: z.enum(POWER_TARGETS).describe('What to do.'),
  timeout: z.int().min(1).max(LONGEST).optional().describe('Seconds until the state must be reached.'),
});
type PowerChange = z.output<typeof PowerChange>;

const GOALS: Readonly<Record<PowerTarget, PowerState>> = {
  'power on': 'power on',
  'power off': 'power off',
  rebooting: 'power on',
  'soft power off': 'power off',
  'soft rebooting': 'power on',
};

/** The state that a server has at the end. */
export function goalOf(target: PowerTarget): PowerState {
  return GOALS[target];
}

/** What can be called of a power interface. */
export class PowerOperations {
  constructor(
    private readonly power: Power,
    private readonly options: PowerInterfaceOptions,
  ) {}

  validate(task: SharedTask): void | Promise<void> {
    return this.power.validate?.(task);
  }

  @Passthru({
    http: ['PUT'],
    args: PowerChange,
    effect: 'disruptive',
    timeout: '2h',
    description: 'Change the power state',
    validate(this: PowerOperations, _task, { target }) {
      this.assertSupported(target);
    },
  })
  async setPowerState(task: ExclusiveTask, { target, timeout }: PowerChange): Promise<PowerState> {
    const goal = goalOf(target);
    const isReboot = target.endsWith('rebooting');
    const before = await this.power.getPowerState(task);
    task.signal.throwIfAborted();
    if (before === goal && !isReboot) return goal;
    const asked = isReboot && before === 'power off' ? 'power on' : target;
    this.assertSupported(asked);
    const limit = timeout ?? (target.startsWith('soft') ? SOFT_LIMIT : HARD_LIMIT);
    await this.within(limit, task, asked);
    return goal;
  }

  private async within(limit: number, task: ExclusiveTask, target: PowerTarget): Promise<void> {
    const late = AbortSignal.timeout(limit * 1_000);
    const signal = AbortSignal.any([task.signal, late]);
    const limited: ExclusiveTask = Object.defineProperty({ ...task }, 'signal', {
      value: signal,
      enumerable: true,
    });
    try {
      await this.power.setPowerState(limited, target);
    } catch (error) {
      if (!late.aborted || task.signal.aborted || OutcomeUnknown.is(error)) throw error;
      const message = `Failed to set node power state to ${target}: it was not reached within ${limit} s.`;
      throw new BmcError('PowerStateFailure', 'timeout', message, { cause: error });
    }
  }

  /** @throws InvalidParameterValue (400) */
  private assertSupported(target: PowerTarget): void {
    const { name, targets } = this.options;
    if (targets.includes(target)) return;
    throw new InvalidParameterValue(
      `The power interface ${name} does not support the target '${target}'; it supports ${listed(targets)}.`,
    );
  }
}
