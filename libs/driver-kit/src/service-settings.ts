/**
 * What the operator set for the whole service and drivers have to keep to. Injected by this class; the host
 * makes it available to every module of a driver package.
 */
export class ServiceSettings {
  /**
   * The networks that BMCs may be in, in CIDR notation: `FERRULE_BMC_NETWORKS`. Undefined: any. Link-local
   * addresses are never connected to.
   */
  readonly bmcNetworks: readonly string[] | undefined;
  /**
   * The networks that BMCs may be told to send events to, in CIDR notation: `FERRULE_EVENT_NETWORKS`.
   * Undefined: any but link-local.
   */
  readonly eventNetworks: readonly string[] | undefined;

  constructor(values: Partial<ServiceSettings> = {}) {
    this.bmcNetworks = values.bmcNetworks;
    this.eventNetworks = values.eventNetworks;
    Object.freeze(this);
  }
}
