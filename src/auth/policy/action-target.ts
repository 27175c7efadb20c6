/** What an action is on, as far as it is known. */
export interface ActionTarget {
  /** Its id. */
  readonly job?: string;
  /** Its id. */
  readonly fleetCall?: string;
  /** Its UUID. */
  readonly node?: string | null;
  /** What is no node, as in its URL: `chassis/` and its UUID. */
  readonly resource?: string;
  readonly driver?: string;
  readonly vendorInterface?: string;
  readonly method?: string;
  readonly httpMethod?: string;
}
