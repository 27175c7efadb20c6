import { jest } from '@jest/globals';
import { LeaseKeeper } from './lease-keeper.js';

const LEASE = 30_000;
const BEAT = LEASE / 3;

class Registry {
  readonly ids: string[] = [];
  readonly asked: number[] = [];
  mood: 'answers' | 'refuses' | 'is silent' | 'counts us dead' = 'answers';
  delay = 0;

  register = async (id: string): Promise<void> => {
    await this.answer();
    this.ids.push(id);
  };

  renew = async (id: string): Promise<boolean> => {
    await this.answer();
    return this.mood !== 'counts us dead' && this.ids.at(-1) === id;
  };

  private answer(): Promise<void> {
    this.asked.push(performance.now());
    return new Promise((resolve, reject) => {
      if (this.mood === 'is silent') return;
      const settle = this.mood === 'refuses' ? () => reject(new Error('refused')) : resolve;
      if (this.delay === 0) settle();
      else setTimeout(settle, this.delay);
    });
  }
}

describe('a lease keeper', () => {
  let registry: Registry;
  let keeper: LeaseKeeper;
  let losses: number[];
  let failures: number;

  beforeEach(async () => {
    jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask'] });
    registry = new Registry();
    losses = [];
    failures = 0;
    keeper = new LeaseKeeper({
      lease: LEASE,
      register: registry.register,
      renew: registry.renew,
      onLost: () => losses.push(performance.now()),
      onFailure: () => failures++,
    });
    await keeper.start();
  });
  afterEach(() => {
    keeper.stop();
    jest.useRealTimers();
  });

  const pass = (ms: number) => jest.advanceTimersByTimeAsync(ms);
  /** Like a suspended process: time passes and no timer runs. */
  const sleep = (ms: number) => jest.setSystemTime(Date.now() + ms);

  it('stays alive while the database answers', async () => {
    const { life } = keeper;
    await pass(20 * LEASE);
    expect(keeper.life).toBe(life);
    expect(losses).toEqual([]);
    expect(registry.asked.length).toBeGreaterThanOrEqual(60);
  });

  it.each(['is silent', 'refuses'] as const)(
    'ends its life before the lease ends when the database %s',
    async (mood) => {
      const { life } = keeper;
      await pass(BEAT);
      const renewedAt = registry.asked.at(-1) ?? 0;
      registry.mood = mood;
      await pass(LEASE);
      expect(life?.isOver).toBe(true);
      expect(keeper.life).toBeUndefined();
      expect(losses).toHaveLength(1);
      expect(losses[0]).toBeLessThan(renewedAt + LEASE);
      expect(failures).toBeGreaterThan(0);
    },
  );

  it('outlives one renewal that hangs', async () => {
    const { life } = keeper;
    registry.mood = 'is silent';
    await pass(BEAT);
    registry.mood = 'answers';
    await pass(3 * LEASE);
    expect(failures).toBe(1);
    expect(keeper.life).toBe(life);
    expect(losses).toEqual([]);
  });

  it('outlives two renewals that hang one after the other', async () => {
    const { life } = keeper;
    registry.mood = 'is silent';
    await pass(LEASE * 0.6);
    registry.mood = 'answers';
    await pass(3 * LEASE);
    expect(failures).toBe(2);
    expect(keeper.life).toBe(life);
    expect(losses).toEqual([]);
  });

  it('returns to its usual pace after a failure', async () => {
    registry.mood = 'refuses';
    await pass(BEAT);
    registry.mood = 'answers';
    await pass(BEAT);
    const { length } = registry.asked;
    await pass(10 * LEASE);
    expect(registry.asked.length - length).toBe(30);
  });

  it('counts the lease from the moment at which a renewal was sent', async () => {
    registry.delay = 5_000;
    await pass(BEAT);
    const sentAt = registry.asked.at(-1) ?? 0;
    await pass(registry.delay);
    registry.mood = 'is silent';
    await pass(LEASE);
    expect(losses[0]).toBeLessThan(sentAt + LEASE);
  });

  it('ignores an answer that arrives after the end', async () => {
    const { life } = keeper;
    registry.delay = LEASE;
    await pass(3 * LEASE);
    expect(life?.isOver).toBe(true);
    expect(losses).toHaveLength(1);
  });

  it('ends its life at once when the database considers it dead', async () => {
    registry.mood = 'counts us dead';
    const { life } = keeper;
    await pass(BEAT);
    expect(life?.isOver).toBe(true);
    expect(losses).toHaveLength(1);
  });

  it('registers under a new id when the database is back', async () => {
    const { life } = keeper;
    registry.mood = 'refuses';
    await pass(LEASE);
    expect(keeper.life).toBeUndefined();
    registry.mood = 'answers';
    await pass(1_000);
    expect(keeper.life?.id).toBe(registry.ids.at(-1));
    expect(keeper.life?.id).not.toBe(life?.id);
    await pass(5 * LEASE);
    expect(registry.ids).toHaveLength(2);
    expect(losses).toHaveLength(1);
  });

  it('detects a suspended process before any timer runs', () => {
    const { life } = keeper;
    sleep(LEASE);
    expect(losses).toEqual([]);
    expect(keeper.life).toBeUndefined();
    expect(life?.isOver).toBe(true);
    expect(losses).toHaveLength(1);
  });

  it('keeps its life after a short suspension', () => {
    const { life } = keeper;
    sleep(BEAT);
    expect(keeper.life).toBe(life);
  });

  it('ignores an answer that a suspended process reads after the end', async () => {
    const { life } = keeper;
    registry.delay = 1_000;
    await pass(BEAT);
    sleep(LEASE * 0.6);
    await pass(registry.delay);
    expect(life?.isOver).toBe(true);
    expect(losses).toHaveLength(1);
  });

  it('does not renew after it was stopped', async () => {
    keeper.stop();
    const { length } = registry.asked;
    await pass(5 * LEASE);
    expect(registry.asked).toHaveLength(length);
  });
});
