/** Settings of the whole service that drivers have to respect. Injected by this class into any driver module. */
export class ServiceSettings {
  /** Networks that BMCs may be in, as CIDR: `FERRULE_BMC_NETWORKS`. Undefined: any but link-local and the like. */
  readonly bmcNetworks: readonly string[] | undefined;
  /**
   * Networks that BMCs may send events to, as CIDR: `FERRULE_EVENT_NETWORKS`. Undefined: any but link-local and the
   * like.
   */
  readonly eventNetworks: readonly string[] | undefined;

  constructor(values: Partial<ServiceSettings> = {}) {
    this.bmcNetworks = values.bmcNetworks;
    this.eventNetworks = values.eventNetworks;
    Object.freeze(this);
  }
}
