import { FerruleError } from '@ferrule/driver-kit';

/** Records outlive nodes, and are found by the UUID of one that was deleted or renamed. */
export class NoNodeOfName extends FerruleError {
  readonly code = 'NodeNotFound';
  readonly status = 404;

  constructor(name: string) {
    super(`No node is called ${name} now. Give the UUID of a node that was deleted or renamed.`);
  }
}
