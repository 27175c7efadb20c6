import { samePath } from '../wire/links.js';
import type { ListedSession } from './session-list.js';

/** Milliseconds of `performance.now()`. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** BMCs tell times in whole seconds. */
const PRECISION = 1_000;

/** Logins whose answers were lost. Each may have made a session, which nobody knows the token of. */
export class LostLogins {
  #spans: Span[] = [];

  get any(): boolean {
    return this.#spans.length > 0;
  }

  add(span: Span): void {
    this.#spans.push(span);
  }

  /**
   * The sessions those logins made, judged by the time between each of them and a later login whose session is known. A
   * session that could as well be another client's is left out. Forgets the logins.
   *
   * @param sessions those of the same user
   */
  among(
    sessions: readonly ListedSession[],
    known: { readonly paths: readonly string[]; readonly sent: Span },
  ): string[] {
    const spans = this.#spans;
    this.#spans = [];
    const isKnown = ({ path }: ListedSession): boolean => known.paths.some((own) => samePath(own, path));
    const own = sessions.find(isKnown);
    const { created, client } = own ?? {};
    if (created === undefined) return [];
    const others = sessions.filter((session) => !isKnown(session) && session.client === client);
    // By the clock of the BMC.
    const windows = spans.map((span) => ({
      from: created - (known.sent.to - span.from) - PRECISION,
      to: created - (known.sent.from - span.to) + PRECISION,
    }));
    const found = windows.flatMap(({ from, to }) => {
      const fitting = others.filter(({ created: at = NaN }) => at >= from && at <= to);
      const alike = windows.filter((other) => other.from <= to && other.to >= from);
      return fitting.length <= alike.length ? fitting : [];
    });
    return [...new Set(found.map(({ path }) => path))];
  }
}
