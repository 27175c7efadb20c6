import { Conflict } from '@ferrule/driver-kit';
import { Injectable } from '@nestjs/common';
import { interfaceNameOf } from '../../nodes/record/passthru-node.js';
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
    const { kind } = call.operation;
    if (node.driver !== before.driver || interfaceNameOf(node, kind) !== interfaceNameOf(before, kind)) {
      throw new Conflict(
        `The ${kind} interface of node ${node.uuid} was changed during the call; please retry.`,
      );
    }
    call.target = { scope: 'node', node };
    this.policy.renew(call);
    await call.driver.validateCall(node, call);
  }
}
