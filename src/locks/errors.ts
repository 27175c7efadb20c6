import { NotFound } from '@ferrule/driver-kit';

export class NodeNotLocked extends NotFound {
  override readonly code = 'NodeNotLocked';
  constructor(uuid: string) {
    super(`Node ${uuid} is not locked.`);
  }
}
