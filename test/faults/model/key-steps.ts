import { randomUUID } from 'node:crypto';
import { ANYONE } from '../../../src/auth/caller.js';
import { sqlStateOf, UNIQUE_VIOLATION } from '../../../src/database/faults/error-code.js';
import { accept, type Acceptance, type NewJobRow } from '../../../src/database/transitions/accept.js';
import { hashOf } from '../../../src/passthru/idempotency/fingerprint.js';
import { type Belief, DAY, type KeyFacts, type KeyRow, MINUTE } from './key-facts.js';
import { compare, type Step, type StepKinds, STEPS } from './steps.js';
import { type World } from './world.js';

const KEYS = 3;
const FINGERPRINT = Buffer.from('the same call');
const LIMIT = 1_000;
/** Of locks and jobs, which the calls of keys need. */
const OTHERS = [
  'accept',
  'adopt',
  'finish',
  'acquire',
  'release',
  'a life ends unnoticed',
  'renew, or begin a new life',
  'crash',
  'give up the jobs of the dead',
];

const KEY_STEPS: readonly Step<KeyFacts>[] = [
  {
    name: 'ask with a key',
    weight: 14,
    run: async (facts, world, { process: index, choice, isHeard }) => {
      const key = choice % KEYS;
      const { life } = facts.process(index);
      const chosen = choice === 11 ? facts.jobs.at(-1)?.id : undefined;
      const jobId = key === 0 ? null : (chosen ?? randomUUID());
      const known = facts.row(key);
      const state = known && facts.stateOf(known);
      const row = facts.takeKey(key, life, jobId);
      const asked = {
        caller: world.caller,
        hash: hashOf(String(key)),
        id: row?.id ?? randomUUID(),
        jobId,
        fingerprint: FINGERPRINT,
      };
      const taken = await world.keys(index).take(asked, life.id);
      if (row) {
        expect(taken).toBe('taken');
        // The call of the key was not made before.
        expect(facts.done.get(key)).toBeUndefined();
        if (isHeard) facts.heldBy(index).push({ row, life, isTakenOver: false });
        return;
      }
      const found =
        typeof taken === 'object' ? { id: taken.id, job: taken.job_id, state: taken.state } : taken;
      expect(found).toEqual({ id: known?.id, job: known?.jobId, state });
      if (state === 'abandoned' && isHeard && known)
        facts.seenBy(index).push({ row: known, life: known.life });
    },
  },
  {
    name: 'take a key over',
    weight: 8,
    can: (facts, { process }) => facts.seenBy(process).length > 0,
    run: async (facts, world, { process: index, choice, isHeard }) => {
      const seen = facts.seenBy(index);
      const abandoned = seen[choice % seen.length];
      if (!abandoned) return;
      // Another repeat in the process may have seen it, too.
      if (choice % 3 > 0) seen.splice(seen.indexOf(abandoned), 1);
      const { row, life: before } = abandoned;
      const { life } = facts.process(index);
      const known = { id: row.id, conductor_id: before?.id ?? null };
      const isTaken = await world.keys(index).takeOver(known, life.id);
      expect(isTaken).toBe(facts.takeOver(abandoned, life));
      if (isTaken && isHeard) facts.heldBy(index).push({ row, life, isTakenOver: true });
    },
  },
  {
    name: 'accept the job of a key',
    weight: 10,
    can: (facts, { process }) => jobKeysOf(facts, process).length > 0,
    run: async (facts, world, { process: index, choice, isHeard }) => {
      const beliefs = jobKeysOf(facts, index);
      const belief = beliefs[choice % beliefs.length];
      if (!belief) return;
      if (isHeard) await acceptJob(facts, world, belief, index);
      else {
        // It is under way while its process is told that the outcome is unknown, or it arrives at once.
        if (choice % 2 === 0) facts.sent.push(belief.row);
        else await accepted(facts, world, belief.row);
        await leave(facts, world, belief, index);
      }
    },
  },
  {
    name: 'a late acceptance arrives',
    weight: 6,
    can: (facts) => facts.sent.length > 0,
    run: async (facts, world, { choice }) => {
      const [row] = facts.sent.splice(choice % facts.sent.length, 1);
      if (row) await accepted(facts, world, row);
    },
  },
  {
    name: 'give a key up',
    weight: 3,
    can: (facts, { process }) => facts.heldBy(process).length > 0,
    run: async (facts, world, { process: index, choice }) => {
      const beliefs = facts.heldBy(index);
      const belief = beliefs[choice % beliefs.length];
      if (belief) await giveUpKey(facts, world, belief, index);
    },
  },
  {
    name: 'run the call of a key',
    weight: 4,
    can: (facts, { process }) => facts.heldBy(process).some(({ row }) => row.jobId === null),
    run: async (facts, world, { process: index, isHeard }) => {
      const beliefs = facts.heldBy(index);
      const belief = beliefs.find(({ row }) => row.jobId === null);
      if (!belief) return;
      const { row, life } = belief;
      makeOnce(facts, row, row.id);
      drop(facts, belief, index);
      // It died in the middle.
      if (!isHeard && life.isOver) return;
      const answer = { headers: '{}', body: Buffer.from(row.id), sealedWith: null };
      await world.keys(index).answered(row.id, 200, answer);
      facts.end(row, 'answered');
    },
  },
  {
    name: 'give up keys that no call holds',
    weight: 5,
    run: async (facts, world, { process: index, choice }) => {
      if (choice % 3 > 0) await pass(facts, world, MINUTE);
      const { life } = facts.process(index);
      const held = facts.heldBy(index).map(({ row }) => row.id);
      await world.keys(index).disown(life.id, held);
      facts.disown(life, held);
    },
  },
  {
    name: 'a day passes',
    weight: 3,
    run: (facts, world) => pass(facts, world, DAY + MINUTE),
  },
  {
    name: 'delete old keys',
    weight: 2,
    run: (facts, world, { process }) => sweep(facts, world, process),
  },
];

export const KEY_KINDS: StepKinds<KeyFacts> = {
  steps: [
    ...STEPS.filter(({ name }) => OTHERS.includes(name)).map((step) => ({ ...step, weight: 2 })),
    ...KEY_STEPS,
  ],
  compare: compareKeys,
};

/** When all processes are dead, and a day has passed, no key is left. */
export async function expectNoKeys(facts: KeyFacts, world: World): Promise<void> {
  for (const { life } of facts.processes) {
    await world.endLife(life.id);
    life.isOver = true;
  }
  await pass(facts, world, DAY + MINUTE);
  await sweep(facts, world, 0);
  expect(facts.rows).toEqual([]);
  await compareKeys(facts, world);
}

async function compareKeys(facts: KeyFacts, world: World): Promise<void> {
  await compare(facts, world);
  const rows = facts.rows.map(({ id, jobId: job, state, life }) => ({
    id,
    job,
    state,
    life: life?.id ?? null,
  }));
  expect(await world.observedKeys()).toEqual(rows.sort((a, b) => (a.id < b.id ? -1 : 1)));
}

function jobKeysOf(facts: KeyFacts, process: number): Belief[] {
  return facts.heldBy(process).filter(({ row }) => row.jobId !== null);
}

/** The call of a key is made once in a day. @param what its job, or the row with which it runs. */
function makeOnce(facts: KeyFacts, { index, age }: KeyRow, what: string): void {
  if (age >= DAY) return;
  expect(facts.done.get(index) ?? what).toBe(what);
  facts.done.set(index, what);
}

/** As a process does that gets an answer. */
async function acceptJob(facts: KeyFacts, world: World, belief: Belief, index: number): Promise<void> {
  const { row } = belief;
  const acceptance = await accepted(facts, world, row);
  // It tries again, or answers that the node is locked.
  if (acceptance === 'busy') return;
  if (acceptance === 'taken') {
    const isOwn = await world.keys(index).isAccepted(row.id);
    expect(isOwn).toBe(facts.rows.includes(row) && facts.hasJob(row));
    if (!isOwn) return giveUpKey(facts, world, belief, index);
  }
  await world.keys(index).accepted(row.id);
  facts.end(row, 'accepted');
  drop(facts, belief, index);
}

async function accepted(facts: KeyFacts, world: World, row: KeyRow): Promise<Acceptance> {
  const { index } = row;
  const id = row.jobId ?? '';
  const token = randomUUID();
  const isThere = facts.jobs.some((job) => job.id === id);
  const expected = isThere ? 'taken' : facts.mayTake(facts.node(index)) ? 'accepted' : 'busy';
  const job = await world.newJob(index, token, false);
  const acceptance = await acceptOne(world, { ...job, id, caller: { ...ANYONE, id: world.caller } });
  expect(acceptance).toBe(expected);
  if (acceptance === 'accepted') {
    makeOnce(facts, row, id);
    facts.accept({ id, node: index, token });
  }
  return acceptance;
}

async function acceptOne(world: World, job: NewJobRow): Promise<Acceptance> {
  try {
    const [acceptance = 'gone'] = await accept(world.database.hot, [job], world.conductor(0));
    return acceptance;
  } catch (error) {
    if (sqlStateOf(error) !== UNIQUE_VIOLATION) throw error;
    return 'taken';
  }
}

/** As after an error from before anything was done. */
async function giveUpKey(facts: KeyFacts, world: World, belief: Belief, index: number): Promise<void> {
  if (belief.isTakenOver) return leave(facts, world, belief, index);
  await world.keys(index).forget(belief.row.id, belief.life.id);
  facts.forget(belief);
  drop(facts, belief, index);
}

async function leave(facts: KeyFacts, world: World, belief: Belief, index: number): Promise<void> {
  await world.keys(index).leave(belief.row.id, belief.life.id);
  facts.leaveKey(belief);
  drop(facts, belief, index);
}

function drop(facts: KeyFacts, belief: Belief, index: number): void {
  const beliefs = facts.heldBy(index);
  beliefs.splice(beliefs.indexOf(belief), 1);
}

async function pass(facts: KeyFacts, world: World, seconds: number): Promise<void> {
  await world.age(
    `${seconds} seconds`,
    facts.jobs.map(({ id }) => id),
  );
  facts.pass(seconds);
}

async function sweep(facts: KeyFacts, world: World, index: number): Promise<void> {
  await world.keys(index).allAccepted();
  await world.keys(index).deleteOld(LIMIT);
  facts.sweep();
}
