import { type ErrorStyle } from '../messages/errors.js';

export interface EtagRules {
  /** `doubly-quoted` is `""abc""`, for which only `"abc"` is accepted (community.general#3268). */
  readonly form: 'none' | 'strong' | 'weak' | 'doubly-quoted';
  /** `several`: the header has a second one; `differ`: that of the header is never right. */
  readonly told: 'both' | 'header' | 'body' | 'several' | 'differ';
  /**
   * `optional`: a wrong one is 412; `required`: none is 428; `no-weak`: a weak one is 412; `never`: any is 412; `bare`:
   * any in quotes is 412; `any`: all but `*` are.
   */
  readonly ifMatch: 'ignored' | 'optional' | 'required' | 'no-weak' | 'never' | 'bare' | 'any';
}

export interface SessionRules {
  /** Concurrent sessions; further logins are refused. */
  readonly limit: number;
  /** Idle seconds after which a session ends, and `SessionTimeout` of the service. */
  readonly timeoutSeconds: number;
  /** Status and message id of a login beyond the limit. */
  readonly full: { readonly status: number; readonly id: string };
  readonly ids: IdStyle;
  /** Sessions show `CreatedTime`. */
  readonly showsCreation?: boolean;
}

/** How a BMC keeps its accounts. */
export interface AccountRules {
  /** Ids by number, or the user name (OpenBMC). */
  readonly ids: 'number' | 'name';
  /** A fixed number of accounts, of which free ones have no user name; they are made and removed by PATCH (Dell). */
  readonly slots?: number;
  /** Accounts have the action ManagerAccount.ChangePassword beside PATCH. */
  readonly offersChange?: boolean;
}

export type IdStyle = 'number' | 'uuid' | 'token';

export const FREE_SLOT = '0.0.0.0';

export interface SubscriptionRules {
  /** `slots`: a fixed number of members, of which free ones have the Destination `0.0.0.0` (Supermicro). */
  readonly style: 'members' | 'slots';
  readonly limit: number;
  readonly ids: IdStyle;
  /** A POST without one of these properties is refused. */
  readonly required: readonly string[];
  /** A POST with one of these properties is refused, although the schema has them. */
  readonly refused: readonly string[];
  /** If given, every other property is refused. */
  readonly known?: readonly string[];
  readonly allowed?: Readonly<Record<string, readonly string[]>>;
  /** Message id for a second subscription with the same Destination; absent: it is made. */
  readonly duplicate?: string;
  /** Message id for refused and unknown properties; default PropertyUnknown. */
  readonly unknownId?: string;
  /** Stored for properties that the client left out. */
  readonly defaults: Readonly<Record<string, string | boolean | readonly string[] | null>>;
}

export interface MediaRules {
  /** `action`: POST with or without body; `empty-object-…`: that status without `{}` (HPE); `patch`: PATCH (Lenovo). */
  readonly eject: 'action' | 'empty-object-400' | 'empty-object-415' | 'patch';
  readonly isEjectHiddenWhileEmpty?: boolean;
  /** Message id for the eject of an empty medium; absent: success. */
  readonly ejectEmpty?: string;
  /** `Image` and `ImageName` of an empty medium; `undefined`: absent. */
  readonly emptyImage?: string | null;
  /** Supermicro keeps ImageName after an eject; Inserted and ConnectedVia change. */
  readonly isImageNameKept?: boolean;
  /** Only media whose Id matches can be inserted (Lenovo: EXT). */
  readonly insertable?: RegExp;
  /** A medium of the same Id below System and Manager is one device (Lenovo). */
  readonly isMirrored?: boolean;
}

export interface VendorRules {
  readonly vendor: string;
  readonly errors: ErrorStyle;
  readonly etag: EtagRules;
  readonly sessions: SessionRules;
  /** Default: numbered accounts, made by POST. */
  readonly accounts?: AccountRules;
  readonly subscriptions: SubscriptionRules;
  readonly media: MediaRules;
  /** Location of a 202: the Task itself (Dell's JID_…) or a separate task monitor. */
  readonly taskLocation: 'task' | 'monitor';
  /** A reset applies pending BIOS attributes only if the change asked for an apply time, which makes a job (Dell). */
  readonly biosNeedsJob?: boolean;
  /** Supermicro redirects a POST of Sessions to the same path with a slash (check_redfish#187). */
  readonly loginRedirect?: 301 | 302 | 307 | 308;
  /** Resources that take long, as those that a BMC reads from another one. */
  readonly slow?: { readonly path: RegExp; readonly ms: number };
  /** iLO 4 stops answering on a connection after its first request. */
  readonly keptConnections?: 'silent-on-reuse';
}
