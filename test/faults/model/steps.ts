import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { accept } from '../../../src/database/transitions/accept.js';
import { adopt } from '../../../src/database/transitions/adopt.js';
import { breakLock } from '../../../src/database/transitions/break-lock.js';
import { cancel } from '../../../src/database/transitions/cancel.js';
import { enqueueAgain } from '../../../src/database/transitions/enqueue-again.js';
import { type EndingRow, finish } from '../../../src/database/transitions/finish.js';
import { giveBack, giveBackForgotten } from '../../../src/database/transitions/give-back.js';
import { giveUp } from '../../../src/database/transitions/give-up.js';
import { LAST_ERROR } from '../../../src/jobs/record/job.js';
import { type Adoption, type Facts, type Job, type Look, type LookTime, type Waiter } from './facts.js';
import { type World } from './world.js';
import { AUDITED } from '../../support/database.js';

export interface Place {
  readonly process: number;
  readonly node: number;
  readonly choice: number;
  /** Whether the answer of the database reaches the process. */
  readonly isHeard: boolean;
}

export interface Step<F extends Facts = Facts> {
  readonly name: string;
  readonly weight: number;
  readonly can?: (facts: F, place: Place) => boolean;
  readonly run: (facts: F, world: World, place: Place) => Promise<void>;
}

/** Of locks, lines and jobs. */
export const STEPS: readonly Step[] = [
  {
    name: 'stand in line',
    weight: 4,
    run: async (facts, world, { process: index, node: at, isHeard }) => {
      const process = facts.process(index);
      const node = facts.node(at);
      const token = randomUUID();
      const newcomer = { nodeId: world.nodeId(at), token, seconds: 3_600, origin: token };
      const entry = await world.waiters(index).enter(newcomer);
      expect(entry.state).toBe(process.life.isOver ? 'unsure' : 'standing');
      if (entry.state !== 'standing') return;
      const waiter = { life: process.life, token, place: Number(entry.place) };
      expect(waiter.place).toBeGreaterThan(node.line.at(-1)?.place ?? 0);
      node.line.push(waiter);
      if (isHeard) process.places.push({ node: at, waiter });
    },
  },
  {
    name: 'leave the line',
    weight: 2,
    can: (facts, { process }) => facts.process(process).places.length > 0,
    run: async (facts, world, { process: index, choice }) => {
      const { places } = facts.process(index);
      const [left] = places.splice(choice % places.length, 1);
      if (!left) return;
      await world.waiters(index).leave(left.waiter.token);
      facts.leave(facts.node(left.node), left.waiter);
    },
  },
  {
    name: 'take locks in turn',
    weight: 4,
    can: (facts, { process }) => facts.process(process).places.length > 0,
    run: async (facts, world, { process: index, isHeard }) => {
      await takeInTurn(facts, world, index, isHeard);
    },
  },
  {
    name: 'take a lock out of turn',
    weight: 3,
    can: (facts, { process }) => facts.process(process).places.length > 0,
    run: async (facts, world, { process: index, choice }) => {
      const { places } = facts.process(index);
      const standing = places[choice % places.length];
      if (standing) await takeWithPlace(facts, world, index, standing);
    },
  },
  {
    name: 'break a lock',
    weight: 2,
    run: async (facts, world, { node: at, choice }) => {
      const node = facts.node(at);
      const fence = [undefined, node.fence, node.fence - 1][choice % 3];
      const isBroken = !facts.isFree(node) && fence !== node.fence - 1;
      const broken = await breakLock(
        world.database.hot,
        {
          nodeId: world.nodeId(at),
          fence: fence?.toString(),
          by: 'ops',
          cancelled: 'broken',
          unknown: 'broken',
          lastError: LAST_ERROR,
          latestDatabaseTime: world.conductor(0).latestDatabaseTime,
        },
        AUDITED,
      );
      expect(broken !== undefined).toBe(isBroken);
      if (!isBroken) return;
      const job = facts.break(node);
      expect(broken?.jobId ?? null).toBe(job?.id ?? null);
      expect(Number(broken?.fence)).toBe(node.fence);
      if (job?.state === 'cancelled') expect(job.begun).toBe(0);
    },
  },
  {
    name: 'acquire',
    weight: 5,
    run: async (facts, world, { process: index, node: at, isHeard }) => {
      const process = facts.process(index);
      const node = facts.node(at);
      const token = randomUUID();
      const claim = { node: { id: world.nodeId(at), uuid: '' }, token, purpose: 'model', caller: null };
      const expected = process.life.isOver ? 'unsure' : facts.mayTake(node) ? 'taken' : 'busy';
      const answer = await world.reservations(index).acquire(claim);
      if (expected === 'taken') facts.take(node, { life: process.life, token, at: facts.tick() });
      expect(answer.state).toBe(expected);
      if (answer.state !== 'taken') return;
      expect(Number(answer.fence)).toBe(node.fence);
      if (isHeard) process.locks.push({ node: at, token });
    },
  },
  {
    name: 'release',
    weight: 4,
    can: (facts, { process }) => facts.process(process).locks.length > 0,
    run: async (facts, world, { process: index, choice }) => {
      const { locks } = facts.process(index);
      const [lock] = locks.splice(choice % locks.length, 1);
      if (!lock) return;
      await world.reservations(index).release({ nodeId: world.nodeId(lock.node), token: lock.token });
      facts.release(facts.node(lock.node), lock.token);
    },
  },
  {
    name: 'accept',
    weight: 5,
    run: async (facts, world, { node: at, choice, process }) => {
      const nodes = choice % 3 === 0 ? facts.nodes.map((_, index) => index) : [at % facts.nodes.length];
      const isStale = choice % 5 === 4;
      const rows = await Promise.all(nodes.map((index) => world.newJob(index, randomUUID(), isStale)));
      const expected = nodes.map((index) => {
        if (isStale) return 'changed';
        return facts.mayTake(facts.node(index)) ? 'accepted' : 'busy';
      });
      nodes.forEach((index, place) => {
        const { id, token } = rows[place] ?? {};
        if (expected[place] !== 'accepted' || id === undefined || typeof token !== 'string') return;
        facts.accept({ id, node: index, token });
      });
      expect(await accept(world.database.hot, rows, world.conductor(process))).toEqual(expected);
    },
  },
  {
    name: 'adopt',
    weight: 6,
    can: (facts) => facts.jobs.length > 0,
    run: async (facts, world, { process: index, choice, isHeard }) => {
      // The queue may deliver any job several times, even after its end.
      const handed = facts.jobs.filter((_, place) => (choice + place) % 3 !== 0);
      await adoptJobs(facts, world, { index, handed, isHeard });
    },
  },
  {
    name: 'adopt and give back',
    weight: 4,
    can: (facts) => facts.jobs.some(({ state }) => state === 'queued'),
    run: async (facts, world, { process: index, choice }) => {
      const process = facts.process(index);
      const queued = facts.jobs.filter(({ state }) => state === 'queued');
      const ids = queued.map(({ id }) => id);
      const adopter = { id: world.conductor(index).life.id, hostname: `process-${index}` };
      const answers = await adopt(world.database.hot, ids, adopter, AUDITED);
      const adopted = answers.filter((answer) => typeof answer === 'object').map(({ id }) => id);
      expect(adopted).toEqual(process.life.isOver ? [] : ids);
      if (process.life.isOver) return;
      for (const job of queued) {
        const adoption = facts.adopt(job, process.life);
        // An earlier statement about the same adoption hangs on the way.
        facts.late.push({ kind: choice % 2 === 0 ? 'give back' : 'finish', ...adoption });
        if (choice % 4 === 3) await cancelJob(facts, world, job);
        await giveBack(world.database.hot, { id: job.id, adoption: adoption.adoption });
        facts.giveBack(adoption);
      }
      // Often again at once: late statements must then find another adoption.
      if (choice % 3 > 0) await adoptJobs(facts, world, { index, handed: queued, isHeard: true });
    },
  },
  {
    name: 'cancel',
    weight: 3,
    can: (facts) => facts.jobs.length > 0,
    run: async (facts, world, { choice }) => {
      const job = facts.jobs.at(-1 - (choice % Math.min(4, facts.jobs.length)));
      if (job) await cancelJob(facts, world, job);
    },
  },
  {
    name: 'finish',
    weight: 5,
    can: (facts, { process }) => facts.process(process).jobs.length > 0,
    run: async (facts, world, { process: index, choice, isHeard }) => {
      const process = facts.process(index);
      const at = choice % process.jobs.length;
      const adoption = process.jobs[at];
      if (!adoption) return;
      if (!isHeard && choice % 2 === 0) {
        facts.late.push({ kind: 'finish', ...adoption });
        return;
      }
      const [isRecorded] = await finish(world.database.hot, [ending(adoption)], [], AUDITED);
      expect(isRecorded).toBe(facts.finish(adoption));
      // If the answer was lost, the outcome is written again later.
      if (isHeard) process.jobs.splice(at, 1);
    },
  },
  {
    name: 'a late statement arrives',
    weight: 6,
    can: (facts) => facts.late.length > 0,
    run: async (facts, world, { choice }) => {
      const [late] = facts.late.splice(choice % facts.late.length, 1);
      if (!late) return;
      if (late.kind === 'look') {
        await freeUnknown(facts, world, late);
      } else if (late.kind === 'give back') {
        await giveBack(world.database.hot, { id: late.job.id, adoption: late.adoption });
        facts.giveBack(late);
      } else {
        const [isRecorded] = await finish(world.database.hot, [ending(late)], [], AUDITED);
        expect(isRecorded).toBe(facts.finish(late));
      }
    },
  },
  {
    name: 'free what was lost on the way',
    weight: 3,
    run: async (facts, world, { process: index, isHeard }) => {
      const process = facts.process(index);
      const look: Look = {
        life: process.life,
        tokens: process.locks.map(({ token }) => token),
        jobs: process.jobs.map(({ job }) => job),
        before: process.looked,
      };
      if (isHeard) process.looked = await freeUnknown(facts, world, look);
      else facts.late.push({ kind: 'look', ...look });
    },
  },
  {
    name: 'a life ends unnoticed',
    weight: 3,
    run: async (facts, world, { process: index }) => {
      const { life } = facts.process(index);
      await world.endLife(life.id);
      life.isOver = true;
    },
  },
  {
    name: 'renew, or begin a new life',
    weight: 3,
    run: async (facts, world, { process: index }) => {
      const process = facts.process(index);
      const conductor = world.conductor(index);
      await conductor.beat();
      expect(conductor.life.id === process.life.id).toBe(!process.life.isOver);
      if (process.life.isOver) facts.begin(process, conductor.life.id);
    },
  },
  {
    name: 'crash',
    weight: 2,
    run: async (facts, world, { process: index }) => {
      const process = facts.process(index);
      const dead = process.life;
      facts.begin(process, await world.startProcess(index % facts.processes.length));
      await world.endLife(dead.id);
      dead.isOver = true;
    },
  },
  {
    name: 'give up the jobs of the dead',
    weight: 3,
    run: async (facts, world) => {
      const ids = await giveUp(
        world.database.hot,
        { message: 'its conductor fell silent', lastError: LAST_ERROR },
        1000,
        Infinity,
        AUDITED,
      );
      expect([...ids].sort()).toEqual(facts.giveUp().sort());
    },
  },
  {
    name: 'enqueue again',
    weight: 1,
    run: async (facts, world) => {
      const ids = await enqueueAgain(world.database.hot, -1, 1000, { drivers: ['fake-hardware'], group: '' });
      const queued = facts.jobs.filter(({ state }) => state === 'queued').map(({ id }) => id);
      expect(ids).toEqual(queued);
    },
  },
];

/** After every step the database must agree with the facts. */
export async function compare(facts: Facts, world: World): Promise<void> {
  const nodes = facts.nodes.map(({ holder, fence, line }) => ({
    token: holder ? ('job' in holder ? holder.job.token : holder.token) : null,
    fence,
    job: holder && 'job' in holder ? holder.job.id : null,
    life: holder && 'life' in holder ? holder.life.id : null,
    line: line.map((each) => each.token),
  }));
  const states = {
    'given-up': 'outcome-unknown',
    ended: 'succeeded',
    cancelled: 'cancelled',
    queued: 'queued',
    running: 'running',
  };
  const jobs = facts.jobs.map(({ id, state, life }) => ({
    id,
    state: states[state],
    life: life?.id ?? null,
  }));
  expect(await world.observed(jobs.map(({ id }) => id))).toEqual({ nodes, jobs });
}

class Command<F extends Facts> implements fc.AsyncCommand<F, World> {
  constructor(
    private readonly kinds: StepKinds<F>,
    private readonly step: Step<F>,
    private readonly place: Place,
  ) {}

  check(facts: F): boolean {
    return this.step.can?.(facts, this.place) ?? true;
  }

  async run(facts: F, world: World): Promise<void> {
    await this.step.run(facts, world, this.place);
    await this.kinds.compare(facts, world);
  }

  toString(): string {
    const { process, node, choice, isHeard } = this.place;
    return `${this.step.name}(process ${process}, node ${node}, choice ${choice}${isHeard ? '' : ', unheard'})`;
  }
}

export interface StepKinds<F extends Facts> {
  readonly steps: readonly Step<F>[];
  readonly compare: (facts: F, world: World) => Promise<void>;
}

export function commands<F extends Facts>(
  kinds: StepKinds<F>,
  {
    nodes,
    processes,
    length,
  }: { readonly nodes: number; readonly processes: number; readonly length: number },
) {
  const place = fc.record({
    process: fc.nat(processes - 1),
    node: fc.nat(nodes - 1),
    choice: fc.nat(11),
    isHeard: fc.oneof(
      { weight: 4, arbitrary: fc.constant(true) },
      { weight: 1, arbitrary: fc.constant(false) },
    ),
  });
  const weighted = kinds.steps.flatMap((step) => Array.from({ length: step.weight }, () => step));
  const command = fc
    .tuple(fc.constantFrom(...weighted), place)
    .map(([step, at]) => new Command(kinds, step, at));
  return fc.commands([command], { maxCommands: length, size: 'max' });
}

/** As a process does that looks whose turn it is. */
export async function takeInTurn(facts: Facts, world: World, index: number, isHeard = true): Promise<number> {
  const { places } = facts.process(index);
  const turns = await world.waiters(index).turns(places.map(({ waiter }) => waiter.token));
  const expected = places.filter(({ node, waiter }) => facts.mayTake(facts.node(node), waiter.place));
  const tokens = (standing: typeof places) => standing.map(({ waiter }) => waiter.token).sort();
  expect(turns.map(({ token }) => token).sort()).toEqual(tokens(expected));
  expect(turns.every(({ hasPlace }) => hasPlace)).toBe(true);
  let taken = 0;
  if (isHeard) for (const standing of expected) taken += await takeWithPlace(facts, world, index, standing);
  return taken;
}

/** A call that has its lock leaves the line. @returns 1 if it has. */
async function takeWithPlace(
  facts: Facts,
  world: World,
  index: number,
  { node: at, waiter }: { readonly node: number; readonly waiter: Waiter },
): Promise<number> {
  const process = facts.process(index);
  const node = facts.node(at);
  const token = randomUUID();
  const expected = process.life.isOver ? 'unsure' : facts.mayTake(node, waiter.place) ? 'taken' : 'busy';
  const lockable = { id: world.nodeId(at), uuid: '' };
  const claim = { node: lockable, token, place: String(waiter.place), purpose: 'model', caller: null };
  const answer = await world.reservations(index).acquire(claim);
  expect(answer.state).toBe(expected);
  if (answer.state !== 'taken') return 0;
  facts.take(node, { life: process.life, token, at: facts.tick() });
  expect(Number(answer.fence)).toBe(node.fence);
  process.locks.push({ node: at, token });
  await world.waiters(index).leave(waiter.token);
  facts.leave(node, waiter);
  process.places = process.places.filter((each) => each.waiter !== waiter);
  return 1;
}

/** Nobody starves: once locks are released, whoever is first has its turn. */
export async function serveLines(facts: Facts, world: World): Promise<void> {
  for (const [at, node] of facts.nodes.entries()) {
    if (!facts.isFree(node))
      await STEPS.find(({ name }) => name === 'break a lock')?.run(facts, world, {
        process: 0,
        node: at,
        choice: 0,
        isHeard: true,
      });
    // Nobody waits for the answers of those that were not heard.
    for (const unheard of node.line.filter((each) => !isAwaited(facts, each))) {
      await world.waiters(0).leave(unheard.token);
      facts.leave(node, unheard);
      for (const process of facts.processes)
        process.places = process.places.filter(({ waiter }) => waiter !== unheard);
    }
  }
  const standing = () => facts.nodes.reduce((sum, { line }) => sum + line.length, 0);
  while (standing() > 0) {
    const before = standing();
    for (const index of facts.processes.keys()) {
      await takeInTurn(facts, world, index);
      const { locks } = facts.process(index);
      for (const lock of locks.splice(0)) {
        await world.reservations(index).release({ nodeId: world.nodeId(lock.node), token: lock.token });
        facts.release(facts.node(lock.node), lock.token);
      }
    }
    expect(standing()).toBeLessThan(before);
  }
}

function isAwaited({ processes }: Facts, waiter: Waiter): boolean {
  return processes.some(({ life, places }) => !life.isOver && places.some((each) => each.waiter === waiter));
}

async function adoptJobs(
  facts: Facts,
  world: World,
  { index, handed, isHeard }: { index: number; handed: readonly Job[]; isHeard: boolean },
): Promise<void> {
  const process = facts.process(index);
  const expected = handed.map(({ state }) => !process.life.isOver && state === 'queued');
  const adopter = { id: world.conductor(index).life.id, hostname: `process-${index}` };
  const answers = await adopt(
    world.database.hot,
    handed.map(({ id }) => id),
    adopter,
    AUDITED,
  );
  handed.forEach((job, place) => {
    const answer = answers[place];
    const isAdopted = typeof answer === 'object';
    if (isAdopted) expect(answer.is_cancelled).toBe(job.isAsked);
    if (isAdopted && isHeard && !job.isAsked) job.begun++;
    expect(job.begun).toBeLessThanOrEqual(1);
    expect(isAdopted ? 'adopted' : answer).toBe(expected[place] === true ? 'adopted' : 'elsewhere');
    if (!isAdopted) return;
    const adoption = facts.adopt(job, process.life);
    expect(answer.adoption).toBe(adoption.adoption);
    expect(Number(answer.fence)).toBe(facts.node(job.node).fence);
    if (isHeard) process.jobs.push(adoption);
  });
}

async function cancelJob(facts: Facts, world: World, job: Job): Promise<void> {
  const asked = { id: job.id, by: null, message: 'it was cancelled' };
  const expected = facts.cancel(job);
  expect(await cancel(world.database.hot, asked, AUDITED)).toMatchObject({ outcome: expected });
  if (expected === 'cancelled') expect(job.begun).toBe(0);
}

/** As a process does in every period; the result is the time of this look. */
async function freeUnknown(facts: Facts, world: World, look: Look): Promise<LookTime> {
  const { life, tokens, jobs, before } = look;
  const { lookedAt: locks } = await world.reservations(0).freeOrphans(life, tokens, before.locks);
  const known = jobs.map(({ id }) => id);
  const given = await giveBackForgotten(world.database.hot, life.id, known, before.jobs);
  expect([...given.ids].sort()).toEqual(facts.freeUnknown(look).sort());
  return { at: facts.tick(), locks, jobs: given.lookedAt };
}

function ending({ job: { id }, adoption }: Adoption): EndingRow {
  return {
    id,
    adoption,
    state: 'succeeded',
    result: null,
    error: null,
    error_code: null,
    progress: null,
    node_error: 'leave',
    last_error: null,
  };
}
