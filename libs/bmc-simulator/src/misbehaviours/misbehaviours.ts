import { type Aim, type Aimed } from './aim.js';
import { type ErrorShape } from '../messages/errors.js';
import { type TaskScript } from './task-script.js';

/** How a POST of a subscription is answered. The subscription is made in every case. */
export type CreateAnswer =
  /** The standard's: Location, and the member in the body. */
  | '201-location'
  /** No Location; the member in the body. */
  | '201-body'
  | '201-bare'
  | '200'
  | '200-empty'
  /** Made when the task ends, see {@link Misbehaviours.taskSteps}. */
  | '202-task'
  | '204'
  | '204-location'
  | 'absolute-location'
  /** Location names another host. */
  | 'absolute-location-foreign'
  | 'location-404';

/** `405`: slots are cleared by PATCH. */
export type DeleteAnswer =
  '204' | '200' | '202-task' | '403' | '404-but-there' | '405' | '500' | '500-but-done';

export type EjectBehaviour =
  /** 400 for a POST without body (iLO 5). */
  | 'needs-empty-object'
  /** 415 for a POST without body. */
  | '415'
  /** No actions; PATCH with If-Match (Lenovo). */
  | 'patch-if-match'
  /** 500, and the medium stays inserted; Ironic treats this as a success. */
  | '500-swallowed'
  | '500-but-done'
  | '403'
  | '409'
  | '204-but-mounted'
  /** The action is offered only while something is inserted (Supermicro). */
  | 'absent-unless-inserted'
  /** The action has no `target` (kubevirtbmc#172). */
  | 'no-target'
  /** The action has no `target`, or an empty one, and does not exist: only PATCH works. */
  | 'no-target-but-patch'
  | 'empty-target-but-patch'
  | '202-task';

export type InsertBehaviour =
  /** 400 unless the request names TransferProtocolType. */
  | 'needs-protocol'
  /** 400 unless the request names TransferMethod. */
  | 'needs-method'
  /** 400 unless the request has UserName and Password, even of "none" (DGX). */
  | 'needs-credentials'
  | '202-task'
  | '403'
  | '500-but-done'
  | '204-but-empty';

export type EtagBehaviour =
  | 'weak'
  | 'weak-refused'
  | 'doubly-quoted'
  | 'body-only'
  | 'header-only'
  | 'refuses-any'
  /** Accepts an ETag only without quotes. */
  | 'bare'
  /** The header lists several, of which the first is the right one. */
  | 'several'
  /** That of the header is wrong, that of the body right. */
  | 'body-differs'
  /** Accepts only `*`. */
  | 'any-only'
  | 'requires'
  | 'none';

export type NotHttp = 'folded' | 'bare-lf' | 'no-colon' | 'garbage';

export interface NotReady extends Aim {
  readonly kind: '503-retry-after' | '503' | 'sys518' | 'ilo-invalid-state' | '409-in-post';
  /** Number of such answers before the BMC is ready. */
  readonly times: number;
  /** Seconds in `Retry-After`, or an HTTP date; default 1. */
  readonly retryAfter?: number | string;
}

/** Switches of the BMC; an absent or `false` one means the vendor's behaviour. See `bmc.misbehave()` and `bmc.behave()`. */
export interface Misbehaviours {
  // --- Subscriptions -------------------------------------------------------------------------------
  createAnswer?: CreateAnswer | undefined;
  deleteAnswer?: DeleteAnswer | undefined;
  /** 400 for EventTypes, by default PropertyUnknown, as OpenBMC. */
  refuseEventTypes?: boolean | 'PropertyValueNotInList' | undefined;
  /** Further properties that get 400 PropertyUnknown. */
  refuseProperties?: readonly string[] | undefined;
  /** A second subscription with the same Destination gets 400 with this message. */
  duplicateRefused?: boolean | 'ResourceAlreadyExists' | 'PropertyValueModified' | undefined;
  /** The collection has this many fixed slots (`true`: 16). */
  slots?: boolean | number | undefined;
  slotsPatchOnly?: boolean | undefined;
  subscriptionLimit?: number | undefined;
  /** PATCH of a subscription is 405 (older iDRAC9). */
  subscriptionsReadOnly?: boolean | undefined;
  /** The collection lists an open SSE stream, whose Destination is empty or, as on iDRAC9, an address. */
  sseSubscription?: boolean | 'with-address' | undefined;
  /** The collection lists a further member that answers with this status. */
  deadSubscription?: 403 | 404 | 500 | undefined;
  /** A new subscription keeps only scheme and host of its Destination. */
  destinationMangled?: boolean | undefined;
  /** A new subscription has Status.State Disabled. */
  subscriptionDisabled?: boolean | undefined;
  /** Collections contain their members as a whole, although that was not asked for. */
  expandsUnasked?: boolean | undefined;
  /** GET returns the values of HttpHeaders. */
  echoesHttpHeaders?: boolean | undefined;
  /** ServiceEnabled is false and a POST is refused. */
  eventServiceDisabled?: boolean | undefined;
  /** The root has no EventService, and its paths are 404. */
  noEventService?: boolean | undefined;
  /** Members per page of any collection; further ones by `Members@odata.nextLink`. */
  pageSize?: number | undefined;

  /** Parameters of SubmitTestEvent that get 400 ActionParameterUnknown, one at a time. */
  testEventRefuses?: readonly string[] | undefined;

  // --- Sessions ------------------------------------------------------------------------------------
  /** Requests with a token get 401, and their session ends. */
  sessionExpired?: Aimed | undefined;
  /** Requests with valid credentials get 401; the session stays (HPE, GB200). */
  spurious401?: Aimed | undefined;
  /** A login gets this status although the credentials are right; basic works. */
  loginRefused?: 401 | 403 | undefined;
  /** `ServiceEnabled` of the SessionService is false, and a login gets 503. */
  sessionServiceDisabled?: boolean | undefined;
  noFreeSession?: boolean | number | undefined;
  /** 403 with a licence message (Supermicro). */
  forbiddenWithLicence?: Aimed | undefined;
  noSessionService?: boolean | undefined;
  /** The root does not link the sessions, which are at the usual path. */
  sessionsLinkHidden?: boolean | undefined;
  /** A login has no Location; `'and-body'`: and no body. */
  sessionLocationMissing?: boolean | 'and-body' | undefined;
  /** Location of a login is a whole URL: of this BMC, or of an address behind NAT (`foreign-only`: and no body). */
  sessionLocationAbsolute?: 'own' | 'foreign' | 'foreign-only' | undefined;
  sessionTokenMissing?: boolean | undefined;
  /** A login gets 201, with a session that only allows changing the password, or 403. */
  passwordChangeRequired?: '201' | '403' | undefined;
  sessionLimit?: number | undefined;
  /** Idle milliseconds after which a session ends. */
  sessionTimeoutMs?: number | undefined;
  basicRefused?: boolean | undefined;
  /** Consecutive wrong credentials after which everything is refused. */
  lockAccountAfter?: number | undefined;
  /** The body of a 401 is a broken chunk, then the connection drops (check_redfish#90). */
  brokenChunkOn401?: boolean | undefined;

  // --- Readiness -----------------------------------------------------------------------------------
  notReady?: NotReady | undefined;

  // --- Virtual media -------------------------------------------------------------------------------
  eject?: EjectBehaviour | undefined;
  insert?: InsertBehaviour | undefined;
  /** The System links the Manager's collection, so members are found twice. */
  sharedMedia?: boolean | undefined;
  /** ImageName stays after an eject (Supermicro). */
  imageNameKept?: boolean | undefined;
  /** Each media collection has a further member that answers with this status (Cisco). */
  deadMedium?: 400 | 403 | 404 | 405 | 500 | undefined;
  /** Empty media say that they are inserted, and refuse to be ejected. */
  emptyMediaInserted?: boolean | undefined;
  /** Every Manager answers with this status. */
  deadManager?: 403 | 404 | 500 | undefined;
  /** MediaTypes of every medium; `'absent'`: the property is missing. */
  mediaTypes?: readonly string[] | 'absent' | undefined;

  // --- Logs and firmware ---------------------------------------------------------------------------
  /** ClearLog is 400 without ClearType (AMI). */
  clearNeedsType?: boolean | undefined;
  /** SimpleUpdate is 400 without TransferProtocol. */
  updateNeedsProtocol?: boolean | undefined;
  /** The task of a firmware update. */
  updateTask?: TaskScript | undefined;

  // --- Managers ------------------------------------------------------------------------------------
  /** Milliseconds after the reset of a Manager in which every connection is reset. */
  resetOutage?: number | undefined;

  // --- BIOS ----------------------------------------------------------------------------------------
  /** A change of the BIOS is a task, as on Dell. */
  biosJob?: TaskScript | undefined;
  /** The System has no Bios. */
  noBios?: boolean | undefined;

  // --- Tasks ---------------------------------------------------------------------------------------
  taskSteps?: TaskScript | undefined;
  /** A PATCH is answered with 202, and done when its task ends. */
  patchTask?: boolean | undefined;

  // --- Bodies --------------------------------------------------------------------------------------
  /** 200 with a login page. */
  html200?: Aimed | undefined;
  html400?: Aimed | undefined;
  html504?: Aimed | undefined;
  /** A byte that is not UTF-8 in the first string. */
  invalidUtf8?: Aimed | undefined;
  empty200?: Aimed | undefined;
  /** A body in place of a 204: with 200, or (`'on-the-wire'`) after the head of the 204. */
  bodyWith204?: boolean | 'on-the-wire' | undefined;
  /** A success without a body gets 200 and an `error` object with this message, as HPE sends it. */
  successMessage?: { readonly id: string; readonly severity?: string } | undefined;
  /** Every resource has the number 18446744073709551615. */
  bigNumber?: boolean | undefined;
  /** 200 with only an error object. */
  errorIn200?: Aimed | undefined;
  /** A malformed error object followed by the resource in one body (check_redfish#151). */
  errorThenResource?: Aimed | undefined;
  /** 400 whose body is a JSON string (kubevirtbmc#315). */
  jsonStringError?: Aimed | undefined;
  arrayError?: Aimed | undefined;
  controlChars?: Aimed | undefined;
  byteOrderMark?: Aimed | undefined;
  nulPadding?: Aimed | undefined;
  /** The first half of the JSON, with a matching Content-Length. */
  truncatedJson?: Aimed | undefined;
  /** Refusals quote the request with its credentials, as some debugging firmware does. */
  quotesRequests?: boolean | undefined;
  errorShape?: ErrorShape | undefined;
  /** Bytes added to every resource. */
  hugeBody?: number | undefined;

  // --- Wire ----------------------------------------------------------------------------------------
  /** Milliseconds before a request has an effect. */
  latency?: number | (Aim & { readonly ms: number }) | undefined;
  /** Milliseconds between the effect and the first byte. */
  firstByteDelay?: number | (Aim & { readonly ms: number }) | undefined;
  /** Milliseconds between bytes of the body. */
  slowBytes?: number | (Aim & { readonly ms: number }) | undefined;
  neverAnswers?: Aimed | undefined;
  /** RST after the request was read, before or after its effect; once unless `times` is given. */
  resetOnce?:
    | 'before-effect'
    | 'after-effect'
    | (Aim & { readonly when: 'before-effect' | 'after-effect' })
    | undefined;
  /** The connection drops in the middle of the body, after the effect. */
  cutBody?: Aimed | undefined;
  /** The body stops in its middle, after the effect, and the connection stays open. */
  stalledBody?: Aimed | undefined;
  /** Instead of the answer, after the effect: a header over two lines, lines without CR, a header without colon, no HTTP. */
  notHttp?: (Aim & { readonly kind: NotHttp }) | undefined;
  /** An informational answer before each answer. */
  informational?: 100 | 102 | 103 | undefined;
  /**
   * `fin`: closes the socket after each answer, unannounced; `reset-on-reuse`: resets its second request, unread;
   * `silent-on-reuse`: never answers it (iLO 4).
   */
  halfClosedKeepAlive?: 'fin' | 'reset-on-reuse' | 'silent-on-reuse' | undefined;
  connectionClose?: boolean | undefined;
  /** POSTs are redirected to the path with a slash, to another origin, or to themselves. */
  redirectOnPost?:
    (Aim & { readonly status: 301 | 302 | 307 | 308; readonly to: 'slash' | 'foreign' | 'loop' }) | undefined;
  /** The root is redirected to the path with a slash, or everything to the same host with `https`. */
  rootRedirect?: boolean | 'https' | undefined;
  /** Requests for the root get this status unless its path ends as said. */
  rootOnly?: { readonly slash: 'with' | 'without'; readonly otherwise: 401 | 404 } | undefined;
  /** Paths must (`'with'`) or must not (`'without'`) end in a slash, else 404. Links comply. */
  slashes?: 'with' | 'without' | undefined;
  /** Every `@odata.id` and Location is a whole URL: of this BMC, or of an address behind NAT. */
  absoluteLinks?: 'own' | 'foreign' | undefined;
  /** Every Location and action target lacks its leading slash: `redfish/v1/…`. */
  leadingSlashMissing?: boolean | undefined;
  /** Without `OData-Version: 4.0` the answers are HTML (iLO 4, telegraf#8093). */
  needsODataVersion?: boolean | undefined;
  /** 406 for `Accept-Encoding: identity` (HPE Gen10 Plus). */
  identityRefused?: Aimed | undefined;
  /** Bodies are gzipped, even if that was not accepted. */
  gzip?: boolean | undefined;
  etag?: EtagBehaviour | undefined;
  /** This many PATCHes with the right ETag get 412, as if the resource had just changed. */
  etagChanges?: number | undefined;
  /** A POST with If-Match gets 412 (iDRAC 10). */
  ifMatchRefusedOnPost?: boolean | undefined;
}
