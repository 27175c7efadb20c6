import { Conflict, FerruleError, InvalidParameterValue, NotFound } from '@ferrule/driver-kit';

export { NodeNotFound } from '../reservations/errors.js';

/** 404: the fields of nodes name chassis, and this service keeps none. */
export class ChassisNotFound extends NotFound {
  override readonly code = 'ChassisNotFound';
  constructor(uuid: string) {
    super(`Chassis ${uuid} could not be found.`);
  }
}

/** 400 where a node is written, for a driver that no conductor serves. */
export class NoValidHost extends InvalidParameterValue {
  override readonly code = 'NoValidHost';
  constructor(driver: string, group: string, enabled: readonly string[]) {
    super(
      `No valid host was found. Reason: No conductor service registered which supports driver ${driver} ` +
        `for conductor group "${group}". Enabled drivers: ${enabled.join(', ')}.`,
    );
  }
}

/** 404 where a node is acted upon. */
export class NodeNotServed extends NotFound {
  override readonly code = 'NoValidHost';
  constructor(uuid: string, driver: string) {
    super(`No conductor serves driver ${driver} of node ${uuid}.`);
  }
}

/** 409: one of the values that are unique over all nodes. */
export class NodeAlreadyExists extends Conflict {
  override readonly code = 'NodeAlreadyExists';
}

/** 409: the node's state does not allow it. */
export class InvalidState extends Conflict {
  override readonly code = 'InvalidState';
}

/** 409 */
export class NodeAssociated extends Conflict {
  override readonly code = 'NodeAssociated';
  constructor(uuid: string, instance: string) {
    super(`Node ${uuid} is associated with instance ${instance}.`);
  }
}

/** 403 */
export class NodeProtected extends FerruleError {
  readonly code = 'NodeProtected';
  readonly status = 403;
  constructor(uuid: string) {
    super(`Node ${uuid} is protected and can not be deleted.`);
  }
}

/** 400: the patch cannot be applied to what is there. */
export class PatchError extends InvalidParameterValue {
  override readonly code = 'PatchError';
}
