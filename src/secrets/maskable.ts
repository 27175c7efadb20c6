/** A value whose secrets are masked only when it is shown, since masking takes longer than measuring. */
export interface Maskable {
  readonly value: unknown;
  /** The value without secrets. */
  masked(): unknown;
}
