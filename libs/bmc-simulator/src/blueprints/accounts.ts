import { type JsonObject, link } from '../tree/json.js';
import { collection, ROOT } from '../tree/layout.js';
import { base } from './base.js';

const SERVICE = `${ROOT}/AccountService`;

const ROLES: Readonly<Record<string, readonly string[]>> = {
  Administrator: ['Login', 'ConfigureManager', 'ConfigureUsers', 'ConfigureSelf', 'ConfigureComponents'],
  Operator: ['Login', 'ConfigureSelf', 'ConfigureComponents'],
  ReadOnly: ['Login', 'ConfigureSelf'],
};

/** The service for accounts and its roles. The accounts are added when the BMC starts, with its credentials. */
export function accounts(): Record<string, JsonObject> {
  const roles = Object.entries(ROLES).map(([id, privileges]): [string, JsonObject] => [
    `${SERVICE}/Roles/${id}`,
    {
      ...base(`${SERVICE}/Roles/${id}`, 'Role.v1_3_1.Role', id, `${id} Role`),
      RoleId: id,
      IsPredefined: true,
      AssignedPrivileges: [...privileges],
    },
  ]);
  const paths = roles.map(([path]) => path);
  return {
    [SERVICE]: {
      ...base(SERVICE, 'AccountService.v1_9_0.AccountService', 'AccountService', 'Account Service'),
      ServiceEnabled: true,
      MinPasswordLength: 8,
      MaxPasswordLength: 64,
      AccountLockoutThreshold: 0,
      Accounts: link(`${SERVICE}/Accounts`),
      Roles: link(`${SERVICE}/Roles`),
    },
    [`${SERVICE}/Accounts`]: collection(`${SERVICE}/Accounts`, 'ManagerAccountCollection', 'Accounts'),
    [`${SERVICE}/Roles`]: collection(`${SERVICE}/Roles`, 'RoleCollection', 'Roles', paths),
    ...Object.fromEntries(roles),
  };
}
