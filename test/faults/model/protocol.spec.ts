import { Logger } from '@nestjs/common';
import { type Database } from '../../../src/database/database.js';
import { testDatabase, type TestDatabase } from '../../support/database.js';
import { Facts } from './facts.js';
import { expectItHolds, expectItIsFound, type Model, replace } from './property.js';
import { compare, serveLines, STEPS } from './steps.js';
import { type Plant } from './world.js';

const LOCKS: Model<Facts> = { facts: Facts, kinds: { steps: STEPS, compare }, atEnd: serveLines };

const PLANTS: [string, Plant][] = [
  ['a fence is handed out twice', replace('fence = held.fence + 1', 'fence = held.fence')],
  [
    'a lock is taken from a process that is alive',
    replace(
      /or exists \(\s*select from conductors where conductors\.id = held\.conductor_id\s+and conductors\.expires_at > (.*?\/ 1000\)\))\)/,
      'or $1 is null',
    ),
  ],
  ['a job is adopted twice', replace(`and state || '' = 'queued'`, `and state in ('queued', 'running')`)],
  [
    'a dead process adopts a job',
    replace(/and exists \(select from conductors where conductors\.id = \$2[^)]*\(\)\)/, ''),
  ],
  ['a late give back takes a job that was adopted again', replace('and adoptions = $2', 'and $2::int > 0')],
  ['the outcome of an earlier adoption is recorded', replace('and jobs.adoptions = asked.adoption', '')],
  [
    'a lock is freed that was taken after the earlier look',
    replace('and since < $3::timestamptz', 'and $3::timestamptz is not null'),
  ],
  [
    'a job is given back that was adopted after the earlier look',
    replace('and started_at < $3::timestamptz', 'and $3::timestamptz is not null'),
  ],
  ['a release does not look at the token', replace('and held.token = asked.token', '')],
  [
    'the lock of a lost job is broken without a new fence',
    replace('job_id = null, fence = held.fence + 1', 'job_id = null'),
  ],
  [
    'jobs of the living are given up',
    replace(
      /not exists \(\s*select from conductors where conductors\.id = jobs\.conductor_id\s+and conductors\.expires_at > (.*?\/ 1000\)\))\)/,
      '$1 is not null',
    ),
  ],
  [
    'a running job is ended by cancelling it',
    replace(`and found.state = 'queued'`, `and found.state in ('queued', 'running')`),
  ],
  [
    'the lock of a cancelled job is kept',
    replace(
      /from cancelled join reservations held\s+on /,
      'from cancelled join reservations held on false and ',
    ),
  ],
  ['a lock is taken out of turn', replace('waiting.number < asked.place', 'waiting.number < 0')],
  ['a call without a place overtakes the line', replace('asked.place is null or waiting', 'waiting')],
  [
    'a call of an ended life keeps its place',
    replace(
      /and exists \(select from conductors where conductors\.id = waiting\.conductor_id and conductors\.expires_at > now\(\)\)/,
      '',
    ),
  ],
  [
    'a lock is broken without a new fence',
    replace('job_id = null, fence = held.fence + 1, broken', 'job_id = null, broken'),
  ],
  [
    'another lock is broken than the asked one',
    replace('and ($8::bigint is null or fence = $8)', 'and ($8::bigint is null or $8 > 0)'),
  ],
  [
    'the job of a broken lock goes on',
    replace(
      'from job where jobs.id = job.id and exists',
      "from job where jobs.id = job.id and job.state = 'queued' and exists",
    ),
  ],
  [
    'a job that was to be cancelled is run when it is adopted again',
    replace('cancel_requested_at is not null as is_cancelled', 'false as is_cancelled'),
  ],
];

describe('the protocol of locks and jobs', () => {
  let place: TestDatabase;
  let database: Database;
  beforeAll(async () => {
    // Hundreds of lives end here, and each end would be logged.
    Logger.overrideLogger(false);
    place = await testDatabase();
    database = place.open();
  });
  afterAll(async () => {
    await database.close();
    await place.drop();
  });

  it('holds for arbitrary steps in arbitrary order', async () => {
    await expectItHolds(database, LOCKS);
  });

  it.each(PLANTS)('detects the planted fault: %s', async (_, plant) => {
    await expectItIsFound(database, LOCKS, plant);
  });
});
