/** A subscription that is to exist: properties of EventDestination, under their own names. */
export interface WantedSubscription {
  /** An absolute URI of http or https, without user name and password. */
  readonly Destination: string;
  /** Default: `Redfish`. */
  readonly Protocol?: string | undefined;
  /** A text that the BMC sends with every event. Default: empty. */
  readonly Context?: string | undefined;
  /**
   * Which events are sent. Without any of these four: all RegistryPrefixes that the BMC publishes; where it publishes only
   * EventTypes, or its quirks want them, `Alert`, or all EventTypes if it has no `Alert`; else all ResourceTypes.
   */
  readonly EventTypes?: readonly string[] | undefined;
  readonly RegistryPrefixes?: readonly string[] | undefined;
  readonly ResourceTypes?: readonly string[] | undefined;
  /** `Registry.MessageKey`, without versions. */
  readonly MessageIds?: readonly string[] | undefined;
  /** Headers of the requests that carry the events. BMCs hide their values. */
  readonly HttpHeaders?: readonly Readonly<Record<string, string>>[] | undefined;
  /** TerminateAfterRetries, SuspendRetries, RetryForever or RetryForeverWithBackoff. */
  readonly DeliveryRetryPolicy?: string | undefined;
  /** Whether the BMC checks the certificate of the Destination. */
  readonly VerifyCertificate?: boolean | undefined;
}

/** The properties that choose events. */
export const FILTERS = ['EventTypes', 'RegistryPrefixes', 'ResourceTypes', 'MessageIds'] as const;
/** The properties that can be changed without making another subscription of it. */
export const CHANGEABLE = ['HttpHeaders', 'DeliveryRetryPolicy', 'VerifyCertificate'] as const;
