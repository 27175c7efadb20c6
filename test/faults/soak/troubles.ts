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
  /** Of what must not be. */
  readonly complain: (complaint: string) => void;
}

export type Trouble = (troubled: Troubled) => Promise<void>;

export const TROUBLES: Readonly<Record<string, Trouble>> = {
  'a process is killed': async ({ fleet, watch, dice }) => {
    const member = dice.choose(fleet.alive);
    const ended = fleet.end(member, 'SIGKILL');
    watch.killed(member.service.pid);
    await ended;
    await fleet.start(member.role);
  },

  'a process is asked to stop': async ({ fleet, watch, dice, complain }) => {
    const member = dice.choose(fleet.alive);
    const end = await fleet.end(member, 'SIGTERM');
    watch.killed(member.service.pid);
    if (end !== 0) complain(`${member.hostname} ended with ${end} when it was asked to stop`);
    await fleet.start(member.role);
  },

  'a process sleeps': async ({ fleet, watch, dice, lease }) => {
    const { service } = dice.choose(fleet.alive);
    service.kill('SIGSTOP');
    watch.asleep(service.pid);
    await delay(dice.below(2 * lease));
    service.kill('SIGCONT');
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

  'PostgreSQL crashes': async (troubled) => {
    const postmaster = await postmasterIn(troubled);
    signal(walwriterOf(postmaster), 'SIGSTOP');
    await delay(troubled.dice.below(200));
    await crashPostgres(postmaster);
  },

  'PostgreSQL freezes': async (troubled) => {
    const postmaster = await postmasterIn(troubled);
    signalTree(postmaster, 'SIGSTOP');
    await delay(troubled.dice.below(2 * troubled.lease));
    signalTree(postmaster, 'SIGCONT');
  },
};

export const REDIS_TROUBLES: Readonly<Record<string, Trouble>> = {
  'Redis is killed': async ({ redis, dice, lease }) => {
    await redis?.kill();
    await delay(dice.below(lease));
    await redis?.restart();
  },

  'Redis freezes': async ({ redis, dice, lease }) => {
    redis?.pause();
    await delay(dice.below(2 * lease));
    redis?.resume();
  },
};

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
