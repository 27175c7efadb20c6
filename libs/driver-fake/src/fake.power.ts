import {
  type Power,
  PowerInterface,
  type PowerState,
  POWER_TARGETS,
  type SharedTask,
} from '@ferrule/driver-kit';

/** Ironic's fake power interface: the server is always in the state that it was asked for last. */
@PowerInterface({ name: 'fake', targets: POWER_TARGETS })
export class FakePower implements Power {
  getPowerState({ node }: SharedTask): PowerState | null {
    return node.powerState;
  }

  setPowerState(): void {}
}
