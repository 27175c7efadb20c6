import { Conflict, FerruleError, InvalidParameterValue, NotFound } from '@ferrule/driver-kit';
import { BadRequest } from '../http/errors.js';

import { type Denial } from '../auth/policy/denial.js';
import { NodeNotFound } from '../reservations/errors.js';

export { NodeNotFound };

/** For the caller the same as {@link NodeNotFound}: it may not see the node. */
export class NodeHidden extends NodeNotFound {
  constructor(
    text: string,
    readonly denial: Denial,
  ) {
    super(text);
  }
}

export class ChassisNotFound extends NotFound {
  override readonly code = 'ChassisNotFound';
  constructor(uuid: string) {
    super(`Chassis ${uuid} could not be found.`);
  }
}

export class NoChassis extends BadRequest {
  constructor(uuid: unknown) {
    super(`Invalid chassis_uuid: chassis ${String(uuid)} does not exist; this service has no chassis.`);
  }
}

/** 400: no conductor serves the driver that a client wants to set. */
export class NoValidHost extends InvalidParameterValue {
  override readonly code = 'NoValidHost';
  constructor(driver: string, group: string, enabled: readonly string[]) {
    super(
      `No valid host was found. Reason: No conductor service registered which supports driver ${driver} ` +
        `for conductor group "${group}". ${howEnabled(enabled)}`,
    );
  }
}

/** 404: an existing node's driver is not served. */
export class NodeNotServed extends NotFound {
  override readonly code = 'NoValidHost';
  constructor(uuid: string, driver: string, group: string, enabled: readonly string[]) {
    const ofGroup = group === '' ? '' : ` in its conductor group "${group}"`;
    super(`No conductor serves driver ${driver} of node ${uuid}${ofGroup}. ${howEnabled(enabled)}`);
  }
}

/** 503: there is no live conductor at all. */
export class NoConductor extends FerruleError {
  readonly code = 'TemporaryFailure';
  readonly status = 503;
  constructor() {
    super('No conductor is alive. Start a process with FERRULE_ROLE=conductor or all, or retry later.');
  }
}

function howEnabled(enabled: readonly string[]): string {
  return `Enabled drivers: ${enabled.join(', ')}; FERRULE_ENABLED_HARDWARE_TYPES enables others.`;
}

export class NodeAlreadyExists extends Conflict {
  override readonly code = 'NodeAlreadyExists';
}

export class InvalidState extends Conflict {
  override readonly code = 'InvalidState';
}

export class NodeHasChildren extends InvalidState {
  constructor(uuid: string) {
    super(`Node ${uuid} can not be deleted while it is the parent of other nodes.`);
  }
}

export class NodeAssociated extends Conflict {
  override readonly code = 'NodeAssociated';
  constructor(uuid: string, instance: string) {
    super(`Node ${uuid} is associated with instance ${instance}.`);
  }
}

export class NodeProtected extends FerruleError {
  readonly code = 'NodeProtected';
  readonly status = 403;
  constructor(uuid: string) {
    super(`Node ${uuid} is protected and can not be deleted.`);
  }
}

export class PatchError extends InvalidParameterValue {
  override readonly code = 'PatchError';
}
