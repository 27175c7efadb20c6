import { Conflict } from '@ferrule/driver-kit';
import { Injectable } from '@nestjs/common';
import { PassthruNodes } from '../nodes/passthru-nodes.js';
import { type PassthruCall } from './passthru-call.js';

/** Looks at a call's node again, after it was changed while its lock was waited for. */
@Injectable()
export class NodeRenewal {
  constructor(private readonly nodes: PassthruNodes) {}

  /**
   * From now on the call works on what the node is now, which is checked like the first time.
   * @throws Conflict (409) when another driver or vendor interface would answer, NodeNotFound.
   */
  async renew(call: PassthruCall): Promise<void> {
    const before = call.target.node;
    if (!before) return;
    const node = await this.nodes.getByUuid(before.uuid);
    if (node.driver !== before.driver || node.vendorInterface !== before.vendorInterface) {
      throw new Conflict(`Node ${node.uuid} was given another vendor interface meanwhile; please retry.`);
    }
    await call.driver.validateNode(node);
    call.target = { scope: 'node', node };
  }
}
