import { Conflict } from '@ferrule/driver-kit';

/** 409: nothing was done. */
export class JobIdTaken extends Conflict {
  override readonly code = 'JobIdTaken';
  constructor(id: string) {
    super(`There is a job ${id} already; please choose another id.`);
  }
}
