/** Files of tests, and what jest must say of them: the outcome of each test, or why the file could not be run. */
export interface Planted {
  readonly text: string;
  readonly outcomes: Readonly<Record<string, 'passed' | 'failed' | 'pending'>>;
  /** What the messages contain. */
  readonly says?: readonly string[];
}

const LEAKING: Planted = {
  text: `
    import { jest } from '@jest/globals';
    it('finds nothing of the other file', () => {
      expect(process.env['PLANTED']).toBeUndefined();
      expect(process.env['PATH']).toBeDefined();
      expect(new Date().getUTCFullYear()).toBeGreaterThan(2000);
      expect(JSON.stringify({})).toBe('{}');
    });
    it('leaks', () => {
      process.env['PLANTED'] = 'yes';
      process.env = { PLANTED: 'yes' };
      jest.useFakeTimers({ now: 0 });
      jest.spyOn(JSON, 'stringify').mockReturnValue('spied');
    });`,
  outcomes: { 'finds nothing of the other file': 'passed', leaks: 'passed' },
};

const SHARING: Planted = {
  text: `
    import { expectOneLoad } from './shared.js';
    import { prepared } from './prepared.spec-support.js';
    it('shares the modules that are no tests', () => expectOneLoad());
    it('has the hooks of those that are', () => expect(prepared).toBe(2));`,
  outcomes: { 'shares the modules that are no tests': 'passed', 'has the hooks of those that are': 'passed' },
};

export const modules: Readonly<Record<string, string>> = {
  'shared.ts': `
    globalThis.plantedLoads = (globalThis.plantedLoads ?? 0) + 1;
    export const expectOneLoad = () => expect(globalThis).toHaveProperty('plantedLoads', 1);`,
  'prepared.spec-support.ts': `
    export let prepared = 0;
    beforeEach(() => { prepared += 1; });`,
};

export const planted: Readonly<Record<string, Planted>> = {
  passes: {
    text: `
      const value: number = await Promise.resolve(1);
      describe('a group', () => {
        let prepared = 0;
        beforeEach(() => { prepared += 1; });
        it('passes', () => expect(prepared).toBe(value));
        it.each([2, 3])('passes %i', (times) => expect(prepared).toBe(times));
        it.skip('is skipped', () => expect(1).toBe(2));
      });`,
    outcomes: {
      'a group passes': 'passed',
      'a group passes 2': 'passed',
      'a group passes 3': 'passed',
      'a group is skipped': 'pending',
    },
  },
  asserts: {
    text: `
      interface Erased { readonly value: number }
      const two: Erased = { value: 2 };
      it('compares', () => expect(two.value).toBe(3));
      it('compares later', async () => { await expect(Promise.resolve(1)).rejects.toThrow(); });
      it('goes on', () => {});`,
    outcomes: { compares: 'failed', 'compares later': 'failed', 'goes on': 'passed' },
    says: ['Expected: 3', 'asserts.spec.ts:3:', 'asserts.spec.ts:4:'],
  },
  rejects: {
    text: `
      it('leaves a rejection', () => { void Promise.reject(new Error('nobody handles this')); });
      it('goes on', () => {});`,
    outcomes: { 'leaves a rejection': 'failed', 'goes on': 'passed' },
    says: ['nobody handles this'],
  },
  throws: {
    text: `
      it('throws from a timer', () => new Promise((resolve) => {
        setTimeout(() => { setImmediate(resolve); throw new Error('too late'); }, 1);
      }));
      it('goes on', () => {});`,
    outcomes: { 'throws from a timer': 'failed', 'goes on': 'passed' },
    says: ['too late'],
  },
  waits: {
    text: `
      it('never ends', () => new Promise(() => {}), 50);
      it('goes on', () => {});`,
    outcomes: { 'never ends': 'failed', 'goes on': 'passed' },
    says: ['Exceeded timeout of 50 ms', "> 1 | it('never ends'"],
  },
  prepares: {
    text: `
      describe('unprepared', () => {
        beforeAll(() => { throw new Error('no database'); });
        it('does not run', () => {});
      });
      it('goes on', () => {});`,
    outcomes: { 'unprepared does not run': 'failed', 'goes on': 'passed' },
    says: ['no database'],
  },
  exits: {
    text: `
      it('ends the process', () => { process.exit(0); });
      it('goes on', () => {});`,
    outcomes: { 'ends the process': 'failed', 'goes on': 'passed' },
    says: ['A test called process.exit(0).', 'exits.spec.ts:1:'],
  },
  syntax: { text: `it('is no program', () => {`, outcomes: {}, says: ['syntax.spec.ts'] },
  imports: {
    text: `import './missing.js';\nit('does not run', () => {});`,
    outcomes: {},
    says: ['missing.js'],
  },
  loads: {
    text: `it('does not run', () => {});\nthrow new Error('thrown while it was loaded');`,
    outcomes: {},
    says: ['thrown while it was loaded'],
  },
  empty: { text: '// Nothing.', outcomes: {}, says: ['must contain at least one test'] },
  'leaks-1': LEAKING,
  'leaks-2': LEAKING,
  'shares-1': SHARING,
  'shares-2': SHARING,
};
