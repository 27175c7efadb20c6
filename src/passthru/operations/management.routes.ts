import { RouteNotFound } from '../../http/errors.js';
import { pathOf } from '../../http/request.js';
import { type OperationRoute } from './operation-route.js';
import { flagMember, membersOf, textMember } from './request-members.js';

/** The first microversion with the interrupt. */
const NMI_SINCE = 29;

function plain(name: string): OperationRoute {
  return { kind: 'management', name, read: (request) => membersOf(request, []), check: () => ({}) };
}

export const GET_BOOT_DEVICE = plain('get_boot_device');

export const GET_SUPPORTED_BOOT_DEVICES = plain('get_supported_boot_devices');

export const SET_BOOT_DEVICE: OperationRoute = {
  kind: 'management',
  name: 'set_boot_device',
  read: (request) => {
    const members = membersOf(request, ['boot_device', 'persistent']);
    return {
      boot_device: textMember(members, 'boot_device'),
      persistent: flagMember(members, 'persistent') ?? false,
    };
  },
  check: (_node, asked) => asked,
};

export const INJECT_NMI: OperationRoute = {
  ...plain('inject_nmi'),
  read: (request) => {
    if (request.microversion < NMI_SINCE) throw new RouteNotFound(pathOf(request.originalUrl));
    return membersOf(request, []);
  },
};
