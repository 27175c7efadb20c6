import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { type Database } from '../../../src/database/database.js';
import { adopt } from '../../../src/database/transitions/adopt.js';
import { giveUp } from '../../../src/database/transitions/give-up.js';
import { LAST_ERROR } from '../../../src/jobs/record/job.js';
import { AUDITED } from '../../support/database.js';
import { type Facts } from './facts.js';
import { commands, type StepKinds } from './steps.js';
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

export interface Model<F extends Facts> {
  readonly facts: new (nodes: number, lives: readonly string[]) => F;
  readonly kinds: StepKinds<F>;
  /** What must be so after any steps. */
  readonly atEnd: (facts: F, world: World) => Promise<void>;
}

/** Runs steps in a new world; afterwards no lock may be without an owner. */
function property<F extends Facts>(
  database: Database,
  { facts: create, kinds, atEnd }: Model<F>,
  plant?: Plant,
) {
  const sizes = { nodes: NODES, processes: PROCESSES, length: LENGTH };
  return fc.asyncProperty(commands(kinds, sizes), async (steps) => {
    const world = await World.create(database, NODES, PROCESSES, plant);
    const facts = world.facts(create);
    try {
      await fc.asyncModelRun(() => ({ model: facts, real: world }), steps);
      await atEnd(facts, world);
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
      await database.query({ name: 'test-model-end-keys', text: 'delete from idempotency_keys' }, []);
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

export async function expectItHolds<F extends Facts>(database: Database, model: Model<F>): Promise<void> {
  await fc.assert(property(database, model), { numRuns: RUNS });
}

export async function expectItIsFound<F extends Facts>(
  database: Database,
  model: Model<F>,
  plant: Plant,
): Promise<void> {
  const options = { numRuns: PLANTED_RUNS, endOnFailure: true, seed: SEED };
  let isPlanted = false;
  const watched: Plant = (text) => {
    const changed = plant(text);
    isPlanted ||= changed !== text;
    return changed;
  };
  const { failed, errorInstance } = await fc.check(property(database, model, watched), options);
  // Otherwise the statement was reworded, and the plant has to follow.
  expect(isPlanted).toBe(true);
  expect(failed).toBe(true);
  // The failure must come from a comparison, not from an error of PostgreSQL or of the test.
  expect(errorInstance).toHaveProperty('matcherResult');
}

export function replace(what: string | RegExp, by: string): Plant {
  return (text) => text.replace(what, by);
}
