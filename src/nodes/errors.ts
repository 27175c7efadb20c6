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
    super(`Invalid chassis_uuid: chassis ${String(uuid)} could not be found.`);
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
  /** @param groups those in which conductors have the driver. */
  constructor(uuid: string, driver: string, group: string, groups: readonly string[]) {
    const where =
      groups.length === 0 ? 'No conductor has it.' : `Those of ${groups.map(groupText).join(', ')} do.`;
    super(
      `No conductor of ${groupText(group)} has driver ${driver} of node ${uuid}. ${where} ` +
        `FERRULE_ENABLED_HARDWARE_TYPES and FERRULE_CONDUCTOR_GROUP decide what a conductor serves.`,
    );
  }
}

/** 503: conductors had the driver until a moment ago, and one is likely to have it soon. `Retry-After` has the seconds. */
export class ConductorAbsent extends FerruleError {
  readonly code = 'TemporaryFailure';
  readonly status = 503;
  /** @param node undefined for a driver-level call, which any group may run. */
  constructor(driver: string, node?: { readonly uuid: string; readonly group: string }) {
    const who = node
      ? `of ${groupText(node.group)} with driver ${driver} of node ${node.uuid}`
      : `of driver ${driver}`;
    super(`The last conductor ${who} has just stopped or is restarting. Please retry.`);
  }

  override get headers(): Readonly<Record<string, string>> {
    return { 'Retry-After': '5' };
  }
}

/** 503: there is no live conductor at all. `Retry-After` has the seconds. */
export class NoConductor extends FerruleError {
  readonly code = 'TemporaryFailure';
  readonly status = 503;
  constructor() {
    super('No conductor is alive. Start a process with FERRULE_ROLE=conductor or all, or retry later.');
  }

  override get headers(): Readonly<Record<string, string>> {
    return { 'Retry-After': '10' };
  }
}

function groupText(group: string): string {
  return group === '' ? 'the group without a name' : `conductor group "${group}"`;
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
