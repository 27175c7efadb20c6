import { type JsonObject } from '../tree/json.js';

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

/** Switches of the EventService. */
export interface SubscriptionFaults {
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
  /** A new subscription has these values instead of those that were asked for. */
  subscriptionStores?: JsonObject | undefined;
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
}
