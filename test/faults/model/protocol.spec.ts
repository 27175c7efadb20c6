import { randomUUID } from 'node:crypto';
import { Logger } from '@nestjs/common';
import fc from 'fast-check';
import { type Database } from '../../../src/database/database.js';
import { adopt } from '../../../src/database/transitions/adopt.js';
import { giveUp } from '../../../src/database/transitions/give-up.js';
import { LAST_ERROR } from '../../../src/jobs/job.js';
import { AUDITED, testDatabase, type TestDatabase } from '../../support/database.js';
import { type Facts } from './facts.js';
import { serveLines, steps } from './steps.js';
import { type Plant, World } from './world.js';

const NODES = 2;
const PROCESSES = 3;
const LENGTH = 50;
/** Set `FERRULE_TEST_MODEL_RUNS=1000` for a longer search. */
const RUNS = Number(process.env['FERRULE_TEST_MODEL_RUNS'] ?? 15);
/** Fixed, so that planted faults are found by the same steps each time. */
const SEED = 2;
/** Enough to find every planted fault; the search ends at the first failure. */
const PLANTED_RUNS = 400;

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

function replace(what: string | RegExp, by: string): Plant {
  return (text) => text.replace(what, by);
}

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

  /** Runs steps in a new world; afterwards no lock may be without an owner. */
  function property(plant?: Plant) {
    return fc.asyncProperty(steps(NODES, PROCESSES, LENGTH), async (commands) => {
      const world = await World.create(database, NODES, PROCESSES, plant);
      const facts = world.facts();
      try {
        await fc.asyncModelRun(() => ({ model: facts, real: world }), commands);
        await serveLines(facts, world);
        await expectNothingStuck(facts, world);
      } finally {
        await world.close();
        await giveUp(
          database.hot,
          { message: 'the run is over', lastError: LAST_ERROR },
          1000,
          Infinity,
          AUDITED,
        );
        await database.query({ name: 'test-model-end', text: 'delete from jobs' }, []);
      }
    });
  }

  /** When all processes are dead and a new one has done its periodic work, every node must be free. */
  async function expectNothingStuck(facts: Facts, world: World): Promise<void> {
    for (const { life } of facts.processes) await world.endLife(life.id);
    await giveUp(world.database.hot, { message: 'dead', lastError: LAST_ERROR }, 1000, Infinity, AUDITED);
    await world.startProcess(0);
    const { id } = world.conductor(0).life;
    await adopt(
      world.database.hot,
      facts.jobs.map((job) => job.id),
      { id, hostname: 'last' },
      AUDITED,
    );
    await world.endLife(id);
    await giveUp(world.database.hot, { message: 'dead', lastError: LAST_ERROR }, 1000, Infinity, AUDITED);
    await world.startProcess(0);
    for (const node of facts.nodes.keys()) {
      const lockable = { id: world.nodeId(node), uuid: '' };
      const claim = { node: lockable, token: randomUUID(), purpose: 'last', caller: null };
      expect((await world.reservations(0).acquire(claim)).state).toBe('taken');
    }
  }

  it('holds for arbitrary steps in arbitrary order', async () => {
    await fc.assert(property(), { numRuns: RUNS });
  });

  it.each(PLANTS)('detects the planted fault: %s', async (_, plant) => {
    const options = { numRuns: PLANTED_RUNS, endOnFailure: true, seed: SEED };
    let isPlanted = false;
    const watched: Plant = (text) => {
      const changed = plant(text);
      isPlanted ||= changed !== text;
      return changed;
    };
    const { failed, errorInstance } = await fc.check(property(watched), options);
    // Otherwise the statement was reworded, and the plant has to follow.
    expect(isPlanted).toBe(true);
    expect(failed).toBe(true);
    // The failure must come from a comparison, not from an error of PostgreSQL or of the test.
    expect(errorInstance).toHaveProperty('matcherResult');
  });
});
