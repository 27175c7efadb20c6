import { type Aim, type Aimed } from './aim.js';

export type NotHttp = 'folded' | 'bare-lf' | 'no-colon' | 'garbage';

/** Switches of connections and of how bytes arrive. */
export interface WireFaults {
  /** Milliseconds before a request has an effect. */
  latency?: number | (Aim & { readonly ms: number }) | undefined;
  /** Milliseconds between the effect and the first byte. */
  firstByteDelay?: number | (Aim & { readonly ms: number }) | undefined;
  /** Milliseconds between bytes of the body. */
  slowBytes?: number | (Aim & { readonly ms: number }) | undefined;
  neverAnswers?: Aimed | undefined;
  /** RST after the request was read, before or after its effect; once unless `times` is given. */
  resetOnce?:
    | 'before-effect'
    | 'after-effect'
    | (Aim & { readonly when: 'before-effect' | 'after-effect' })
    | undefined;
  /** The connection drops in the middle of the body, after the effect. */
  cutBody?: Aimed | undefined;
  /** The body stops in its middle, after the effect, and the connection stays open. */
  stalledBody?: Aimed | undefined;
  /**
   * Instead of the answer, after the effect: a header over two lines, lines without CR, a header without colon, no
   * HTTP.
   */
  notHttp?: (Aim & { readonly kind: NotHttp }) | undefined;
  /** An informational answer before each answer. */
  informational?: 100 | 102 | 103 | undefined;
  /**
   * `fin`: closes the socket after each answer, unannounced; `reset-on-reuse`: resets its second request, unread;
   * `silent-on-reuse`: never answers it (iLO 4).
   */
  halfClosedKeepAlive?: 'fin' | 'reset-on-reuse' | 'silent-on-reuse' | undefined;
  connectionClose?: boolean | undefined;
  /** Bodies are gzipped, even if that was not accepted. */
  gzip?: boolean | undefined;
}
