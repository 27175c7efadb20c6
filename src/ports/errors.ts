import { Conflict, InvalidParameterValue, NotFound } from '@ferrule/driver-kit';
import { BadRequest } from '../http/errors.js';

export class PortNotFound extends NotFound {
  override readonly code = 'PortNotFound';
  constructor(uuid: string) {
    super(`Port ${uuid} could not be found.`);
  }
}

export class PortgroupNotFound extends NotFound {
  override readonly code = 'PortgroupNotFound';
  constructor(text: string) {
    super(`Portgroup ${text} could not be found.`);
  }
}

export class MacAlreadyExists extends Conflict {
  override readonly code = 'MACAlreadyExists';
}

export class AlreadyExists extends Conflict {
  override readonly code = 'AlreadyExists';
}

/** 400: what a client wants to put into a node that there is not. */
export class NodeMissing extends BadRequest {
  constructor(uuid: string) {
    super(`Node ${uuid} could not be found.`);
  }
}

/** 400: of the port's node there is no such port group. */
export class PortgroupMissing extends BadRequest {
  constructor(uuid: string) {
    super(`Portgroup ${uuid} could not be found in the node of the port.`);
  }
}

/** 400, as in Ironic. */
export class PortgroupNotEmpty extends InvalidParameterValue {
  override readonly code = 'PortgroupNotEmpty';
  constructor(uuid: string) {
    super(`Portgroup ${uuid} can not be deleted or moved while it has ports.`);
  }
}

/** 409: others changed it at the same moment. */
export class ChangedByOthers extends Conflict {
  override readonly code = 'ChangedByOthers';
  constructor(resource: string) {
    super(`${resource} is being changed by others. Please retry.`);
  }
}

export class StandalonePortsRefused extends Conflict {
  override readonly code = 'Conflict';
  constructor(portgroup: string) {
    super(
      `Portgroup ${portgroup} does not support standalone ports: none of its ports can have pxe_enabled.`,
    );
  }
}
