import { type Aim, type Aimed } from './aim.js';
import { type ErrorShape } from '../messages/errors.js';
import { type TaskScript } from './task-script.js';

/** How a POST of a subscription is answered; the subscription is made in every case. */
export type CreateAnswer =
  /** The standard's: Location and the member in the body. */
  | '201-location'
  /** No Location, the member in the body. */
  | '201-body'
  /** No Location, no body: only the collection tells. */
  | '201-bare'
  | '200'
  | '200-empty'
  /** Made when the task ends, see {@link Misbehaviours.taskSteps}. */
  | '202-task'
  | '204'
  /** What DMTF's mockup server does. */
  | '204-location'
  /** Location is a whole URL of this BMC. */
  | 'absolute-location'
  /** Location names another host, to which no token may go. */
  | 'absolute-location-foreign'
  /** Location leads to a 404. */
  | 'location-404';

/** `405`: a slot is cleared by PATCH, if at all. */
export type DeleteAnswer =
  '204' | '200' | '202-task' | '403' | '404-but-there' | '405' | '500' | '500-but-done';

export type EjectBehaviour =
  /** 400 for a POST without body (iLO 5). */
  | 'needs-empty-object'
  /** The same as 415. */
  | '415'
  /** No actions; PATCH, with If-Match (Lenovo). */
  | 'patch-if-match'
  /** 500, and the medium stays: what Ironic takes for a success. */
  | '500-swallowed'
  /** 500, and yet the medium is out. */
  | '500-but-done'
  | '403'
  | '409'
  /** 204, and the medium stays. */
  | '204-but-mounted'
  /** The action is offered only while something is mounted (Supermicro). */
  | 'absent-unless-inserted'
  /** The action has no `target` (kubevirtbmc#172). */
  | 'no-target'
  | '202-task';

export type EtagBehaviour =
  | 'weak'
  | 'weak-refused'
  | 'doubly-quoted'
  | 'body-only'
  | 'header-only'
  | 'refuses-any'
  | 'requires'
  | 'none';

export interface NotReady extends Aim {
  readonly kind: '503-retry-after' | '503' | 'sys518' | 'ilo-invalid-state' | '409-in-post';
  /** Answers of this kind before the BMC is ready. */
  readonly times: number;
  /** Seconds in `Retry-After`, or an HTTP date as text; default 1. */
  readonly retryAfter?: number | string;
}

/**
 * The switches of a misbehaving BMC. Absent or `false`: as the vendor does it. Set them at the start or
 * with `bmc.misbehave()`, take one back with `bmc.misbehave({name: undefined})`, all with `bmc.behave()`.
 */
export interface Misbehaviours {
  // --- Subscriptions -------------------------------------------------------------------------------
  createAnswer?: CreateAnswer | undefined;
  deleteAnswer?: DeleteAnswer | undefined;
  /** 400 PropertyUnknown for EventTypes, as OpenBMC. */
  refuseEventTypes?: boolean | undefined;
  /** Further properties that are refused so. */
  refuseProperties?: readonly string[] | undefined;
  /** Refuses a second subscription of one Destination with this message, 400. */
  duplicateRefused?: boolean | 'ResourceAlreadyExists' | 'PropertyValueModified' | undefined;
  /** A collection of so many fixed slots (`true`: 16) instead of members that come and go. */
  slots?: boolean | number | undefined;
  /** Slots take PATCH only: a POST is 405. */
  slotsPatchOnly?: boolean | undefined;
  subscriptionLimit?: number | undefined;
  /** Gives the values of HttpHeaders back on GET. */
  echoesHttpHeaders?: boolean | undefined;
  /** ServiceEnabled is false and a POST is refused. */
  eventServiceDisabled?: boolean | undefined;
  /** The root has no EventService, its paths are 404. */
  noEventService?: boolean | undefined;
  /** Members of a page of any collection; the rest by `Members@odata.nextLink`. */
  pageSize?: number | undefined;

  // --- Sessions ------------------------------------------------------------------------------------
  /** Requests with a token get 401, and their session is forgotten. */
  sessionExpired?: Aimed | undefined;
  /** 401 although all is well, the session stays (HPE, GB200). */
  spurious401?: Aimed | undefined;
  /** A login gets 503 RAC0218. */
  noFreeSession?: boolean | number | undefined;
  /** 403 with a licence message (Supermicro). */
  forbiddenWithLicence?: Aimed | undefined;
  /** No SessionService at all: basic only. */
  noSessionService?: boolean | undefined;
  /** The root does not link the sessions; they are at the usual path. */
  sessionsLinkHidden?: boolean | undefined;
  /** A login has no Location; `'and-body'`: no body either, so nothing tells the session's path. */
  sessionLocationMissing?: boolean | 'and-body' | undefined;
  /** Location of a login is a whole URL: of this BMC, or of an address behind NAT. */
  sessionLocationAbsolute?: 'own' | 'foreign' | undefined;
  /** A login is a 201 without X-Auth-Token. */
  sessionTokenMissing?: boolean | undefined;
  /** A login tells of it with 201 (and a session good for nothing else) or 403. */
  passwordChangeRequired?: '201' | '403' | undefined;
  sessionLimit?: number | undefined;
  /** Idle milliseconds after which a session is gone. */
  sessionTimeoutMs?: number | undefined;
  basicRefused?: boolean | undefined;
  /** After so many wrong credentials in a row everything is refused. */
  lockAccountAfter?: number | undefined;
  /** The body of a 401 is a broken chunk, after which the connection drops (check_redfish#90). */
  brokenChunkOn401?: boolean | undefined;

  // --- Readiness -----------------------------------------------------------------------------------
  notReady?: NotReady | undefined;

  // --- Virtual media -------------------------------------------------------------------------------
  eject?: EjectBehaviour | undefined;
  /** The System's VirtualMedia link leads to the Manager's collection: members are met twice. */
  sharedMedia?: boolean | undefined;
  /** ImageName stays after an eject (Supermicro). */
  imageNameKept?: boolean | undefined;
  /** A member more in each media collection, which answers so (Cisco). */
  deadMedium?: 400 | 404 | 405 | undefined;
  /** MediaTypes of every medium; `'absent'`: the property is missing. */
  mediaTypes?: readonly string[] | 'absent' | undefined;

  // --- Tasks ---------------------------------------------------------------------------------------
  /** How a 202 goes on. */
  taskSteps?: TaskScript | undefined;

  // --- Bodies --------------------------------------------------------------------------------------
  /** A login page with 200. */
  html200?: Aimed | undefined;
  html400?: Aimed | undefined;
  html504?: Aimed | undefined;
  /** A byte that is no UTF-8 inside the first string. */
  invalidUtf8?: Aimed | undefined;
  /** 200 without a body. */
  empty200?: Aimed | undefined;
  /** A body where 204 was due: with 200, or (`'on-the-wire'`) behind the head of the 204 itself. */
  bodyWith204?: boolean | 'on-the-wire' | undefined;
  /** 200 with nothing but an error object. */
  errorIn200?: Aimed | undefined;
  /** A malformed error object followed by the resource, in one body (check_redfish#151). */
  errorThenResource?: Aimed | undefined;
  /** 400 whose body is a JSON string (kubevirtbmc#315). */
  jsonStringError?: Aimed | undefined;
  /** 400 whose body is `[]`. */
  arrayError?: Aimed | undefined;
  /** Raw control characters inside strings. */
  controlChars?: Aimed | undefined;
  byteOrderMark?: Aimed | undefined;
  /** NUL bytes behind the body. */
  nulPadding?: Aimed | undefined;
  /** Half of the JSON, with a matching Content-Length. */
  truncatedJson?: Aimed | undefined;
  /** Refusals quote the request, its credentials included, as debugging firmware does. */
  quotesRequests?: boolean | undefined;
  /** Shape of every error. */
  errorShape?: ErrorShape | undefined;
  /** Padding of every resource, bytes: for size caps. */
  hugeBody?: number | undefined;

  // --- Wire ----------------------------------------------------------------------------------------
  /** Milliseconds each request takes, before it has any effect. */
  latency?: number | (Aim & { readonly ms: number }) | undefined;
  /** Milliseconds between the effect and the first byte. */
  firstByteDelay?: number | (Aim & { readonly ms: number }) | undefined;
  /** Milliseconds between bytes of the body. */
  slowBytes?: number | (Aim & { readonly ms: number }) | undefined;
  /** Requests are read and never answered. */
  neverAnswers?: Aimed | undefined;
  /** RST after the request was read: before or after its effect; once unless `times` says otherwise. */
  resetOnce?:
    | 'before-effect'
    | 'after-effect'
    | (Aim & { readonly when: 'before-effect' | 'after-effect' })
    | undefined;
  /** The connection drops in the middle of the body, after the effect. */
  cutBody?: Aimed | undefined;
  /**
   * `fin`: closes the socket after each answer without announcing it; `reset-on-reuse`: resets the second
   * request of a socket, unread. The race of an idle keep-alive connection, made certain.
   */
  halfClosedKeepAlive?: 'fin' | 'reset-on-reuse' | undefined;
  /** `Connection: close` on every answer (older iLO). */
  connectionClose?: boolean | undefined;
  /** POSTs are sent to the path with a slash, or to another origin. */
  redirectOnPost?:
    (Aim & { readonly status: 301 | 302 | 307 | 308; readonly to: 'slash' | 'foreign' | 'loop' }) | undefined;
  /** `/redfish/v1` redirects to `/redfish/v1/`. */
  rootRedirect?: boolean | undefined;
  /** Paths must end in a slash (`'with'`) or must not (`'without'`), else 404; links follow. */
  slashes?: 'with' | 'without' | undefined;
  /** Every `@odata.id` and Location is a whole URL: of this BMC, or of an address behind NAT. */
  absoluteLinks?: 'own' | 'foreign' | undefined;
  /** Without `OData-Version: 4.0` the answers are HTML (iLO 4, telegraf#8093). */
  needsODataVersion?: boolean | undefined;
  /** 406 for `Accept-Encoding: identity` (HPE Gen10 Plus). */
  identityRefused?: Aimed | undefined;
  /** A body is gzipped, whatever was asked for. */
  gzip?: boolean | undefined;
  etag?: EtagBehaviour | undefined;
  /** 412 for the first so many PATCHes with the right ETag: it had just changed. */
  etagChanges?: number | undefined;
  /** A POST with If-Match is refused with 412 (iDRAC 10). */
  ifMatchRefusedOnPost?: boolean | undefined;
}
