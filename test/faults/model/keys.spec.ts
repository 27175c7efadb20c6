import { Logger } from '@nestjs/common';
import { type Database } from '../../../src/database/database.js';
import { testDatabase, type TestDatabase } from '../../support/database.js';
import { KeyFacts } from './key-facts.js';
import { expectNoKeys, KEY_KINDS } from './key-steps.js';
import { expectItHolds, type Model } from './property.js';

const KEYS: Model<KeyFacts> = { facts: KeyFacts, kinds: KEY_KINDS, atEnd: expectNoKeys };

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
});
