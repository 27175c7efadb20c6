import { Conflict } from '@ferrule/driver-kit';
import { Injectable } from '@nestjs/common';
import { PassthruNodes } from '../../nodes/record/passthru-nodes.js';
import { CallPolicy } from '../call/call-policy.js';
import { type PassthruCall } from '../call/passthru-call.js';

/** For a node that changed while the call waited for the lock. */
@Injectable()
export class NodeRenewal {
  constructor(
    private readonly nodes: PassthruNodes,
    private readonly policy: CallPolicy,
  ) {}

  async renew(call: PassthruCall): Promise<void> {
    const before = call.target.node;
    if (!before) return;
    const node = await this.nodes.getByUuid(before.uuid);
    if (node.driver !== before.driver || node.vendorInterface !== before.vendorInterface) {
      throw new Conflict(
        `The vendor interface of node ${node.uuid} was changed during the call; please retry.`,
      );
    }
    call.target = { scope: 'node', node };
    this.policy.renew(call);
    await call.driver.validateCall(node, call);
  }
}
