import { type ErrorShape } from '../messages/errors.js';
import { type Aimed } from './aim.js';

/** Switches of what answers contain. */
export interface BodyFaults {
  /** 200 with a login page. */
  html200?: Aimed | undefined;
  html400?: Aimed | undefined;
  html504?: Aimed | undefined;
  /** What a request asks for is done, and the answer is 500. */
  doneBut500?: Aimed | undefined;
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
}
