import { Logger } from '@nestjs/common';
import { type Database } from '../../../src/database/database.js';
import { testDatabase, type TestDatabase } from '../../support/database.js';
import { KeyFacts } from './key-facts.js';
import { expectNoKeys, KEY_KINDS } from './key-steps.js';
import { expectItHolds, expectItIsFound, type Model, replace } from './property.js';
import { type Plant } from './world.js';

const KEYS: Model<KeyFacts> = { facts: KeyFacts, kinds: KEY_KINDS, atEnd: expectNoKeys };

const PLANTS: [string, Plant][] = [
  [
    'a key is taken again within a day',
    replace(`where known.created_at < now() - interval '24 hours' and`, 'where'),
  ],
  [
    'a key is taken over by two',
    replace('and conductor_id is not distinct from $3', 'and $3::uuid is not distinct from $3'),
  ],
  [
    'a synchronous call is taken over',
    replace('and job_id is not null and conductor_id', 'and conductor_id'),
  ],
  [
    'the job of another call is taken for that of a key',
    replace(
      / and jobs\.created_at >= known\.created_at and coalesce\(jobs\.caller ->> 'id', ''\) = known\.caller/g,
      '',
    ),
  ],
  [
    'a key of a call that runs is given up',
    replace('and id <> all ($2::uuid[])', 'and $2::uuid[] is not null'),
  ],
  [
    'a key that was taken just now is given up',
    replace(`and created_at < now() - interval '10 seconds'`, ''),
  ],
  [
    'a kept answer is deleted within a day',
    replace(`where created_at < now() - interval '24 hours' and (state`, 'where (state'),
  ],
  [
    'an old key is deleted while its call runs',
    replace(`(state <> 'running' or not exists`, '(true or not exists'),
  ],
];

describe('the protocol of keys of calls', () => {
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
    await expectItHolds(database, KEYS);
  });

  it.each(PLANTS)('detects the planted fault: %s', async (_, plant) => {
    await expectItIsFound(database, KEYS, plant);
  });
});
