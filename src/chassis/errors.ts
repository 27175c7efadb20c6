import { Conflict, InvalidParameterValue } from '@ferrule/driver-kit';

export class ChassisAlreadyExists extends Conflict {
  override readonly code = 'ChassisAlreadyExists';
  constructor(uuid: string) {
    super(`A chassis with UUID ${uuid} already exists.`);
  }
}

/** 400, as in Ironic. */
export class ChassisNotEmpty extends InvalidParameterValue {
  override readonly code = 'ChassisNotEmpty';
  constructor(uuid: string) {
    super(`Chassis ${uuid} can not be deleted while it has nodes.`);
  }
}

/** 409: others changed it each time that it was about to be changed. */
export class ChassisBusy extends Conflict {
  override readonly code = 'ChassisBusy';
  constructor(uuid: string) {
    super(`Chassis ${uuid} is being changed by others. Please retry.`);
  }
}
