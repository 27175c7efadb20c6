import { type BeforeApplicationShutdown, Injectable } from '@nestjs/common';
import { Lifecycle } from '../../lifecycle/lifecycle.js';
import { runningValidations } from './validation.js';

/** A shutdown waits for running validations, so that their callers get an answer. */
@Injectable()
export class ValidationWait implements BeforeApplicationShutdown {
  constructor(private readonly lifecycle: Lifecycle) {
    lifecycle.awaits(() => {
      const { size } = runningValidations;
      return size === 0 ? undefined : `${size} running ${size === 1 ? 'validation' : 'validations'}`;
    });
  }

  async beforeApplicationShutdown(): Promise<void> {
    const { workEnds } = this.lifecycle;
    const over = new Promise<void>((resolve) => {
      if (workEnds.aborted) resolve();
      else workEnds.addEventListener('abort', () => resolve(), { once: true });
    });
    while (runningValidations.size > 0 && !workEnds.aborted) {
      await Promise.race([Promise.allSettled(runningValidations), over]);
      // The validation of a node may be followed by that of the call.
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
}
