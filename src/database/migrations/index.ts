import { sql as initial } from './0001-initial.js';
import { sql as conductors } from './0002-conductors.js';
import { sql as jobs } from './0003-jobs.js';
import { sql as nullableFields } from './0004-nullable-fields.js';

export interface Migration {
  /** 1, 2, 3 …, without a gap. */
  readonly number: number;
  readonly name: string;
  readonly sql: string;
}

/** All there are, in their order. What has been released is never changed: add another one. */
export const MIGRATIONS: readonly Migration[] = [
  { number: 1, name: 'initial', sql: initial },
  { number: 2, name: 'conductors', sql: conductors },
  { number: 3, name: 'jobs', sql: jobs },
  { number: 4, name: 'nullable-fields', sql: nullableFields },
];
