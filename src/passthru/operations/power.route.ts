import { Conflict, InvalidParameterValue, POWER_TARGETS } from '@ferrule/driver-kit';
import { goalOf, SET_POWER_STATE } from '../../drivers/operations/power-operations.js';
import { NotAcceptable } from '../../http/errors.js';
import { listed, shortened } from '../../text/listed.js';
import { type OperationRoute } from './operation-route.js';
import { integerMember, membersOf, textMember } from './request-members.js';

/** The first microversion with the soft targets and the timeout. */
const SOFT_SINCE = 27;

/** 400: no such target. */
class InvalidStateRequested extends InvalidParameterValue {
  override readonly code = 'InvalidStateRequested';
}

interface Asked extends Record<string, unknown> {
  readonly target: string | null;
  readonly timeout: number | undefined;
}

export const POWER_CHANGE: OperationRoute<Asked> = {
  kind: 'power',
  name: SET_POWER_STATE,
  read: (request) => {
    const members = membersOf(request, ['target', 'timeout']);
    return { target: textMember(members, 'target'), timeout: integerMember(members, 'timeout') };
  },
  check: (node, asked, microversion) => {
    const { timeout } = asked;
    const isNew = asked.target?.startsWith('soft ') === true || (timeout ?? 0) !== 0;
    if (isNew && microversion < SOFT_SINCE) {
      throw NotAcceptable.before('soft power changes and their timeout', SOFT_SINCE);
    }
    if (timeout !== undefined && timeout < 1) {
      throw new InvalidParameterValue(`The timeout must be at least 1 second, not ${timeout}.`);
    }
    const target = POWER_TARGETS.find((each) => each === asked.target);
    if (target === undefined) {
      const given = asked.target === null ? 'null' : `'${shortened(asked.target)}'`;
      throw new InvalidStateRequested(
        `Node ${node.uuid} cannot be given the power state ${given}; the target may be ${listed(POWER_TARGETS)}.`,
      );
    }
    if (node.disablePowerOff && goalOf(target) === 'power off') {
      throw new Conflict(`Node ${node.uuid} must not be powered off: its disable_power_off is true.`);
    }
    return { target, ...(timeout === undefined ? {} : { timeout }) };
  },
};
