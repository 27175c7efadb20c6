import { setTimeout as delay } from 'node:timers/promises';
import { type BeforeApplicationShutdown, Inject, Injectable } from '@nestjs/common';
import { type RequestHandler } from 'express';
import { Conductor } from '../conductors/conductor.js';
import { PROCESS, type ProcessDescription } from '../conductors/process-description.js';
import { Roster } from '../conductors/roster/roster.js';
import { LINK_BASE } from '../http/links.js';
import { header } from '../http/request.js';
import { Lifecycle } from '../lifecycle/lifecycle.js';
import { Misdirected } from './errors.js';
import { FORWARDED, REFUSED } from './forwarded-headers.js';

/**
 * Milliseconds without a forwarded call, after which a process that leaves stops listening: longer than between two looks
 * of a roster.
 */
const QUIET_MS = 1_500;
const LOOK_MS = 50;

/** Of forwarded calls. */
@Injectable()
export class Reception implements BeforeApplicationShutdown {
  /** When the last one came. */
  private latest = -Infinity;

  constructor(
    private readonly conductor: Conductor,
    private readonly lifecycle: Lifecycle,
    private readonly roster: Roster,
    @Inject(PROCESS) private readonly own: Pick<ProcessDescription, 'role'>,
  ) {}

  /** Refuses them while this process takes none, so that they are sent to another one. */
  readonly handler: RequestHandler = (request, response, next) => {
    if (this.conductor.isKnownAs(header(request, FORWARDED) ?? '')) {
      this.latest = performance.now();
      if (this.lifecycle.isDraining || !this.conductor.hasLease) {
        response.setHeader(FORWARDED, REFUSED);
        throw new Misdirected('takes no calls now');
      }
    } else {
      // No client says what the links of its answers begin with.
      delete request.headers[LINK_BASE];
    }
    next();
  };

  /** Goes on listening until others know: a call on a connection that is closed has an unknown outcome for them. */
  async beforeApplicationShutdown(): Promise<void> {
    const { closingEnds } = this.lifecycle;
    while (this.isExpected && !closingEnds.aborted) await delay(LOOK_MS);
  }

  /** Whether another process may still send calls here. */
  private get isExpected(): boolean {
    if (this.own.role === 'api' || !this.roster.hasOthers) return false;
    const { leftAt } = this.conductor;
    return leftAt === undefined || performance.now() - Math.max(leftAt, this.latest) < QUIET_MS;
  }
}
