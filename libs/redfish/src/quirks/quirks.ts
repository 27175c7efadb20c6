/** How a BMC differs; a property that is absent means what the standard says. */
export interface Behaviour {
  /** Requests at a time. */
  readonly sockets?: 1;
  /** `close`: it breaks connections that are kept. */
  readonly connection?: 'close';
  /** The form of If-Match it wants first. */
  readonly etag?: 'strong' | 'any' | 'none';
  /** Subscriptions are a fixed number of slots, free where Destination is empty or 0.0.0.0, set by PATCH. */
  readonly subscriptionSlots?: true;
  /** Whether a subscription must, or must not, say EventTypes, whatever the EventService publishes. */
  readonly eventTypes?: 'wanted' | 'refused';
  /** Properties of a subscription it refuses. */
  readonly subscriptionRefuses?: readonly string[];
  /** Actions without arguments want `{}` rather than no body. */
  readonly actionBody?: 'object';
  /** Virtual media have no actions; a PATCH of Image and Inserted does it. */
  readonly virtualMediaBy?: 'patch';
  /** Image stays after an eject; ConnectedVia tells. */
  readonly ejectedWhen?: 'not-connected';
}

/** What is known of a BMC when its quirks are looked up. */
export interface BmcIdentity {
  readonly vendor?: string | undefined;
  /** Product of the service root, Model of the manager. */
  readonly model?: string | undefined;
  readonly firmware?: string | undefined;
}

/** One row of the table. */
export interface Quirk {
  readonly id: string;
  readonly vendor: RegExp;
  /** Absent: every model, every firmware. Present: only where it is known and fits. */
  readonly model?: RegExp;
  readonly firmware?: RegExp;
  readonly behaviour: Behaviour;
  readonly why: string;
}

/** Known quirks. What a BMC shows in its answers has precedence. */
export const QUIRKS: readonly Quirk[] = [
  {
    id: 'supermicro-subscription-slots',
    vendor: /supermicro|super micro/i,
    behaviour: { subscriptionSlots: true, eventTypes: 'wanted' },
    why: 'X10 to X13 list 16 fixed subscriptions, free ones with Destination 0.0.0.0; a slot is set by PATCH.',
  },
  {
    id: 'supermicro-image-stays',
    vendor: /supermicro|super micro/i,
    behaviour: { ejectedWhen: 'not-connected' },
    why: 'ImageName and Image stay after an eject; only ConnectedVia and Inserted change.',
  },
  {
    id: 'openbmc-event-types',
    vendor: /openbmc/i,
    behaviour: { eventTypes: 'refused' },
    why: 'bmcweb answers 400 PropertyUnknown to EventTypes, which its EventService does not publish.',
  },
  {
    id: 'dell-event-types',
    vendor: /dell/i,
    behaviour: { eventTypes: 'wanted' },
    why: 'iDRAC9 lists Alert, MetricReport and Other and wants one of them, with Protocol and Context.',
  },
  {
    id: 'hpe-ilo5-event-types',
    vendor: /hpe|hewlett/i,
    model: /ilo ?5/i,
    behaviour: { eventTypes: 'wanted' },
    why: 'iLO 5 has no RegistryPrefixes; a subscription without EventTypes is refused.',
  },
  {
    id: 'hpe-delivery-retry-policy',
    vendor: /hpe|hewlett/i,
    behaviour: { subscriptionRefuses: ['DeliveryRetryPolicy'] },
    why: 'iLO 5 and 6 answer 400 to DeliveryRetryPolicy.',
  },
  {
    id: 'hpe-action-object',
    vendor: /hpe|hewlett/i,
    behaviour: { actionBody: 'object' },
    why: 'iLO answers 400 or 415 to an action without a body.',
  },
  {
    id: 'hpe-ilo4-connection-close',
    vendor: /hpe|hewlett/i,
    model: /ilo ?4/i,
    behaviour: { connection: 'close', sockets: 1 },
    why: 'iLO 4 stops answering on connections that are kept.',
  },
  {
    id: 'lenovo-virtual-media-patch',
    vendor: /lenovo/i,
    behaviour: { virtualMediaBy: 'patch' },
    why: 'XCC offers no actions on virtual media; PATCH with If-Match inserts and ejects.',
  },
  {
    id: 'gigabyte-strong-etag',
    vendor: /gigabyte|ami|american megatrends/i,
    behaviour: { etag: 'strong' },
    why: 'Gives weak ETags and answers 412 when they come back.',
  },
];

/** The rows that fit a BMC, in the table's order. */
export function quirksOf(identity: BmcIdentity, table: readonly Quirk[] = QUIRKS): Quirk[] {
  const fits = (pattern: RegExp | undefined, value: string | undefined): boolean =>
    pattern === undefined || (value !== undefined && pattern.test(value));
  return table.filter(
    ({ vendor, model, firmware }) =>
      fits(vendor, identity.vendor ?? '') && fits(model, identity.model) && fits(firmware, identity.firmware),
  );
}

/** The behaviour of all rows, merged; a later row wins. */
export function behaviourOf(quirks: readonly Quirk[]): Behaviour {
  return quirks.reduce<Behaviour>((all, { behaviour }) => ({ ...all, ...behaviour }), {});
}
