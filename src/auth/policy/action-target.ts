/** What an action is on, as far as it is known. */
export interface ActionTarget {
  /** Its UUID. */
  readonly node?: string | null;
  readonly driver?: string;
  readonly vendorInterface?: string;
  readonly method?: string;
  readonly httpMethod?: string;
}
