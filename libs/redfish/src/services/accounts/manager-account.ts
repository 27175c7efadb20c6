import { linkOf, textAt, type JsonObject } from '../../json.js';

/** An account at a BMC. */
export interface ManagerAccount {
  readonly path: string;
  readonly userName: string;
  /** The Id of its role, such as `Administrator`. */
  readonly role: string | undefined;
  readonly isEnabled: boolean;
  readonly isLocked: boolean;
  /** Whether it may do nothing before it has another password. */
  readonly needsNewPassword: boolean;
  /** The whole resource. */
  readonly body: JsonObject;
}

/** Undefined for a free slot, which has no user name, as on an iDRAC. */
export function accountOf(body: JsonObject): ManagerAccount | undefined {
  const path = linkOf(body);
  const userName = textAt(body, 'UserName') ?? '';
  if (path === undefined || userName === '') return undefined;
  return {
    path,
    userName,
    role: textAt(body, 'RoleId'),
    isEnabled: body['Enabled'] !== false,
    isLocked: body['Locked'] === true,
    needsNewPassword: body['PasswordChangeRequired'] === true,
    body,
  };
}
