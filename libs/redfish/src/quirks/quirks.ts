/** How a BMC differs from the standard. An absent property means no difference. */
export interface Behaviour {
  /** Most concurrent requests. */
  readonly sockets?: 1;
  /** `close`: it breaks connections that are kept open. */
  readonly connection?: 'close';
  /** The form of If-Match to try first. */
  readonly etag?: 'strong' | 'any' | 'none';
  /** Subscriptions are fixed slots, free where Destination is empty or 0.0.0.0, set by PATCH. */
  readonly subscriptionSlots?: true;
  /** Whether a subscription must or must not contain EventTypes, whatever the EventService publishes. */
  readonly eventTypes?: 'wanted' | 'refused';
  /** Properties of a subscription that it refuses. */
  readonly subscriptionRefuses?: readonly string[];
  /** Actions without arguments need `{}` instead of no body. */
  readonly actionBody?: 'object';
  /** Virtual media have no actions; Image and Inserted are patched instead. */
  readonly virtualMediaBy?: 'patch';
  /** A slot of the same Id below a System and its Manager is one device. */
  readonly mirrorsMedia?: true;
  /** Ids of the slots into which an image can be inserted; the others only show what a remote console has inserted. */
  readonly insertableSlots?: RegExp;
  /** Image keeps its value after an eject; ConnectedVia shows whether something is inserted. */
  readonly ejectedWhen?: 'not-connected';
}

/** What kind of BMC it is, as far as it says. */
export interface BmcIdentity {
  readonly vendor?: string | undefined;
  /** Product of the service root, Model of the manager. */
  readonly model?: string | undefined;
  readonly firmware?: string | undefined;
}

/** How some BMCs differ from the standard. */
export interface Quirk {
  readonly id: string;
  readonly vendor: RegExp;
  /** Absent: every model and firmware. Present: only if it is known and matches. */
  readonly model?: RegExp;
  readonly firmware?: RegExp;
  readonly behaviour: Behaviour;
  /** The report that shows it. */
  readonly why: string;
}

/** The known quirks. What a BMC states in its answers has precedence. */
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
    vendor: /\bhpe?\b|hewlett/i,
    model: /ilo ?5/i,
    behaviour: { eventTypes: 'wanted' },
    why: 'iLO 5 has no RegistryPrefixes; a subscription without EventTypes is refused.',
  },
  {
    id: 'hpe-delivery-retry-policy',
    vendor: /\bhpe?\b|hewlett/i,
    behaviour: { subscriptionRefuses: ['DeliveryRetryPolicy'] },
    why: 'iLO 5 and 6 answer 400 to DeliveryRetryPolicy.',
  },
  {
    id: 'hpe-action-object',
    vendor: /\bhpe?\b|hewlett/i,
    behaviour: { actionBody: 'object' },
    why: 'iLO answers 400 or 415 to an action without a body.',
  },
  {
    id: 'hpe-ilo4-connection-close',
    vendor: /\bhpe?\b|hewlett/i,
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
    id: 'lenovo-media-slots',
    vendor: /lenovo/i,
    behaviour: { mirrorsMedia: true, insertableSlots: /^EXT/i },
    why: 'XCC lists ten slots below System and Manager, of which only EXT takes an image (python-redfish-lenovo#21).',
  },
  {
    id: 'gigabyte-strong-etag',
    vendor: /gigabyte|\bami\b|american megatrends/i,
    behaviour: { etag: 'strong' },
    why: 'Gives weak ETags and answers 412 when they come back.',
  },
];

export function quirksOf(identity: BmcIdentity, table: readonly Quirk[] = QUIRKS): Quirk[] {
  const fits = (pattern: RegExp | undefined, value: string | undefined): boolean =>
    pattern === undefined || (value !== undefined && pattern.test(value));
  return table.filter(
    ({ vendor, model, firmware }) =>
      fits(vendor, identity.vendor ?? '') && fits(model, identity.model) && fits(firmware, identity.firmware),
  );
}

export function behaviourOf(quirks: readonly Quirk[]): Behaviour {
  return quirks.reduce<Behaviour>((all, { behaviour }) => ({ ...all, ...behaviour }), {});
}
