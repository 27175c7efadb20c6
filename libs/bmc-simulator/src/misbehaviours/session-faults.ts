import { type Aimed } from './aim.js';

/** Switches of sessions and credentials. */
export interface SessionFaults {
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
  /** Until the BMC's own account has another password, a login gets 201, with a session that only allows that, or 403. */
  passwordChangeRequired?: '201' | '403' | undefined;
  /** The demand for another password does not name the account. */
  passwordChangeUnnamed?: boolean | undefined;
  /** The change of a password ends every session of its user. */
  passwordChangeEndsSessions?: boolean | undefined;
  sessionLimit?: number | undefined;
  /** Idle milliseconds after which a session ends. */
  sessionTimeoutMs?: number | undefined;
  basicRefused?: boolean | undefined;
  /** Consecutive wrong credentials after which everything is refused. */
  lockAccountAfter?: number | undefined;
  /** The body of a 401 is a broken chunk, then the connection drops (check_redfish#90). */
  brokenChunkOn401?: boolean | undefined;
}
