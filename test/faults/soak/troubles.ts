import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { crashPostgres, postmasterOf, signal, signalTree, walwriterOf } from '../../support/processes.js';
import { type DataDirectory } from '../../support/service.js';
import { type TestRedis } from '../../support/redis.js';
import { until } from '../../support/until.js';
import { type WatchFile } from '../../support/watch.js';
import { type Dice } from './dice.js';
import { type Fleet, type Member } from './fleet.js';

export interface Troubled {
  readonly fleet: Fleet;
  readonly directory: DataDirectory;
  readonly redis: TestRedis | undefined;
  readonly watch: WatchFile;
  readonly dice: Dice;
  /** Milliseconds. */
  readonly lease: number;
  /** Servers to which a trouble happens. */
  readonly taken: Set<string>;
  /** Of what must not be. */
  readonly complain: (complaint: string) => void;
}

/** Undefined if it cannot happen now, since another one happens there. */
export type Trouble = (troubled: Troubled) => Promise<void> | undefined;

export const TROUBLES: Readonly<Record<string, Trouble>> = {
  'a process is killed': ({ fleet, watch, dice }) => {
    const member = fleet.takeToEnd(dice);
    return member && killed(member, fleet, watch);
  },

  'a process is asked to stop': ({ fleet, watch, dice, complain }) => {
    const member = fleet.takeToEnd(dice);
    return member && stopped(member, fleet, watch, complain);
  },

  'a process sleeps': ({ fleet, watch, dice, lease }) => {
    const member = fleet.take(dice);
    return member && asleep(member, watch, dice.below(2 * lease));
  },

  'connections are cut': async (troubled) => {
    for (const { ways } of some(troubled)) for (const way of ways) way.cut();
  },

  'connections are refused': async (troubled) => {
    const ways = some(troubled).flatMap((member) => member.ways);
    for (const way of ways) way.refuse();
    await delay(troubled.dice.below(2 * troubled.lease));
    for (const way of ways) way.resume();
  },

  'connections freeze': async (troubled) => {
    const { dice, lease } = troubled;
    const ways = some(troubled).map((member) => dice.choose(member.ways));
    for (const way of ways) way.freeze();
    await delay(dice.below(2 * lease));
    for (const way of ways) way.thaw();
  },

  'frozen connections are cut': async (troubled) => {
    const { dice, lease } = troubled;
    const ways = some(troubled).map((member) => dice.choose(member.ways));
    for (const way of ways) way.freeze();
    await delay(dice.below(lease));
    for (const way of ways) {
      way.cut();
      way.thaw();
    }
  },

  'PostgreSQL crashes': (troubled) =>
    alone('PostgreSQL', troubled, async ({ dice }) => {
      const postmaster = await postmasterIn(troubled);
      signal(walwriterOf(postmaster), 'SIGSTOP');
      await delay(dice.below(200));
      await crashPostgres(postmaster);
    }),

  'PostgreSQL freezes': (troubled) =>
    alone('PostgreSQL', troubled, async ({ dice, lease }) => {
      const postmaster = await postmasterIn(troubled);
      signalTree(postmaster, 'SIGSTOP');
      await delay(dice.below(2 * lease));
      signalTree(postmaster, 'SIGCONT');
    }),
};

export const REDIS_TROUBLES: Readonly<Record<string, Trouble>> = {
  'Redis is killed': (troubled) =>
    alone('Redis', troubled, async ({ redis, dice, lease }) => {
      await redis?.kill();
      await delay(dice.below(lease));
      await redis?.restart();
    }),

  'Redis freezes': (troubled) =>
    alone('Redis', troubled, async ({ redis, dice, lease }) => {
      redis?.pause();
      await delay(dice.below(2 * lease));
      redis?.resume();
    }),
};

async function killed(member: Member, fleet: Fleet, watch: WatchFile): Promise<void> {
  const ended = fleet.end(member, 'SIGKILL');
  watch.killed(member.service.pid);
  await ended;
  fleet.replace(member);
}

async function stopped(
  member: Member,
  fleet: Fleet,
  watch: WatchFile,
  complain: Troubled['complain'],
): Promise<void> {
  const end = await fleet.end(member, 'SIGTERM');
  watch.killed(member.service.pid);
  if (end !== 0) complain(`${member.hostname} ended with ${end} when it was asked to stop`);
  fleet.replace(member);
}

async function asleep(member: Member, watch: WatchFile, milliseconds: number): Promise<void> {
  member.service.kill('SIGSTOP');
  watch.asleep(member.service.pid);
  await delay(milliseconds);
  member.service.kill('SIGCONT');
  member.isTaken = false;
}

/** Nothing else happens to this server meanwhile. */
function alone(
  server: string,
  troubled: Troubled,
  make: (troubled: Troubled) => Promise<void>,
): Promise<void> | undefined {
  const { taken } = troubled;
  if (taken.has(server)) return undefined;
  taken.add(server);
  return make(troubled).finally(() => taken.delete(server));
}

/** One process, or all. */
function some({ fleet, dice }: Troubled): readonly Member[] {
  return dice.isLikely(0.3) ? fleet.alive : [dice.choose(fleet.alive)];
}

/** It may just be started again after the trouble before. */
async function postmasterIn({ directory }: Troubled): Promise<number> {
  let pid = 0;
  await until(() => {
    pid = postmasterOf(join(directory.path, 'data'));
    return walwriterOf(pid) > 0;
  });
  return pid;
}
