import { type Served } from '../../conductors/roster/roster.js';

/** The queue of the versions before there was one for each conductor group and driver; conductors still empty it. */
export const FORMER_QUEUE = 'ferrule-jobs';

/** A job with what decides which conductors may run it. */
export interface RoutedJob extends Served {
  readonly id: string;
}

/** Of the jobs of a driver in a conductor group. */
export function queueOf({ driver, group }: Served): string {
  return `${FORMER_QUEUE}/${group}/${driver}`;
}
