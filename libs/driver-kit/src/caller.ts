/** How the service knows a caller: not at all, or by what it presented. `service`: it is the service itself. */
export type CallerSource = 'none' | 'http_basic' | 'keystone' | 'token' | 'certificate' | 'service';

/** Who made a call, and with which roles. */
export interface Caller {
  /**
   * Tells callers apart: `knownBy`, a colon, and the id of the user in Keystone, or the name where names are unique, for
   * example `token:backup`; null without authentication, and for the service itself.
   */
  readonly id: string | null;
  /** The user's name for people, which others may have, too; null without authentication, and for the service itself. */
  readonly name: string | null;
  /** Id of the project that the caller acts for, which is compared with a node's `owner` and `lessee`; null for none. */
  readonly projectId: string | null;
  /** Names of roles, in lower case. */
  readonly roles: readonly string[];
  /** Whether the roles hold for all nodes, as with Keystone's system scope. */
  readonly hasSystemScope: boolean;
  /** How the service knows the caller. */
  readonly knownBy: CallerSource;
}
