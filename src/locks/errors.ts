import { FerruleError, NotFound } from '@ferrule/driver-kit';

export class NodeNotLocked extends NotFound {
  override readonly code = 'NodeNotLocked';
  constructor(uuid: string) {
    super(`Node ${uuid} is not locked.`);
  }
}

/** 409: the lock is another one than the one that was to be broken. */
export class OtherLockHeld extends FerruleError {
  readonly code = 'OtherLockHeld';
  readonly status = 409;

  constructor(uuid: string, asked: string, held: string) {
    super(`Node ${uuid} is locked with fence ${held} now, not ${asked}; nothing was broken.`);
  }
}
