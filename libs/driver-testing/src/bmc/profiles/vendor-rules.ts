import { type ErrorStyle } from '../messages/errors.js';

/** How ETags are made, where they are told, and what the BMC makes of `If-Match` on PATCH. */
export interface EtagRules {
  /** `doubly-quoted` is `""abc""`, for which only `"abc"` is accepted (community.general#3268). */
  readonly form: 'none' | 'strong' | 'weak' | 'doubly-quoted';
  readonly told: 'both' | 'header' | 'body';
  /**
   * `optional`: a wrong one is 412; `required`: none is 428; `no-weak`: the weak form is refused though
   * it is what was told (Gigabyte); `never`: any is refused.
   */
  readonly ifMatch: 'ignored' | 'optional' | 'required' | 'no-weak' | 'never';
}

export interface SessionRules {
  /** Sessions at a time; the next login is refused. */
  readonly limit: number;
  /** Idle seconds after which a session is gone; also `SessionTimeout` of the service. */
  readonly timeoutSeconds: number;
  /** Message id and status of a refused login. */
  readonly full: { readonly status: number; readonly id: string };
  readonly ids: IdStyle;
}

export type IdStyle = 'number' | 'uuid' | 'token';

/** The Destination of a slot that no subscription uses. */
export const FREE_SLOT = '0.0.0.0';

export interface SubscriptionRules {
  /** `slots`: the members are fixed; a free one has the Destination `0.0.0.0` (Supermicro). */
  readonly style: 'members' | 'slots';
  readonly limit: number;
  readonly ids: IdStyle;
  /** Properties without which a POST is refused. */
  readonly required: readonly string[];
  /** Properties with which a POST is refused, although the schema has them. */
  readonly refused: readonly string[];
  /** When given, every other property is refused. */
  readonly known?: readonly string[];
  /** Allowed values by property. */
  readonly allowed?: Readonly<Record<string, readonly string[]>>;
  /** What a second subscription of the same Destination gets; absent: it is made. */
  readonly duplicate?: string;
  /** Message id for refused and unknown properties; default PropertyUnknown. */
  readonly unknownId?: string;
  /** What is stored for properties that the client left out. */
  readonly defaults: Readonly<Record<string, string | boolean | readonly string[] | null>>;
}

export interface MediaRules {
  /**
   * `action`: POST, with or without a body; `empty-object-400`, `empty-object-415`: POST wants `{}` and
   * answers so without it (HPE); `patch`: no actions, PATCH of the medium (Lenovo).
   */
  readonly eject: 'action' | 'empty-object-400' | 'empty-object-415' | 'patch';
  /** Supermicro offers the Eject action only while something is mounted. */
  readonly isEjectHiddenWhileEmpty?: boolean;
  /** Message id for an eject with nothing mounted; absent: success. */
  readonly ejectEmpty?: string;
  /** What `Image` and `ImageName` read with nothing mounted; `undefined`: they are absent. */
  readonly emptyImage?: string | null;
  /** Supermicro keeps ImageName after an eject; only Inserted and ConnectedVia tell. */
  readonly isImageNameKept?: boolean;
  /** Only media whose Id matches can be inserted (Lenovo: EXT). */
  readonly insertable?: RegExp;
  /** Media of one Id below System and Manager are one device under two paths (Lenovo). */
  readonly isMirrored?: boolean;
}

/** Everything that differs between vendors in how a living BMC behaves. */
export interface VendorRules {
  readonly vendor: string;
  readonly errors: ErrorStyle;
  readonly etag: EtagRules;
  readonly sessions: SessionRules;
  readonly subscriptions: SubscriptionRules;
  readonly media: MediaRules;
  /** `task`: a 202's Location is the Task itself (Dell's JID_…); `monitor`: a separate task monitor. */
  readonly taskLocation: 'task' | 'monitor';
  /** Supermicro redirects a POST of Sessions to the same path with a slash (check_redfish#187). */
  readonly loginRedirect?: 301 | 302 | 307 | 308;
}
