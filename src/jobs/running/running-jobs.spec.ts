import { JobCancelled } from '@ferrule/driver-kit';
import { type Conductor } from '../../conductors/conductor.js';
import { JobLeaseLost, RunningJobs } from './running-jobs.js';

describe('the jobs of a process', () => {
  let lose: () => void;
  /** The time of the lease is over, and no timer has seen it. */
  let isOverdue: boolean;
  let jobs: RunningJobs;
  beforeEach(() => {
    const conductor: Pick<Conductor, 'onLost' | 'hasLease'> = {
      onLost: (listener) => (lose = listener),
      get hasLease() {
        if (isOverdue) lose();
        return !isOverdue;
      },
    };
    isOverdue = false;
    jobs = new RunningJobs(conductor);
  });

  it('are known from the question until they are dropped', () => {
    jobs.ask(['a', 'b']);
    const stop = jobs.adopted('a');
    jobs.answered(['a', 'b']);
    expect(jobs.known).toEqual(['a']);
    jobs.drop('a', stop);
    expect(jobs.known).toEqual([]);
  });

  it('are aborted when somebody asks after the time of the lease is over', () => {
    const stop = jobs.adopted('a');
    expect(stop.reason).toBeUndefined();
    isOverdue = true;
    expect(stop.reason).toEqual(new JobLeaseLost('a'));
  });

  it('are known until the last of several questions is answered', () => {
    jobs.ask(['a']);
    jobs.ask(['a']);
    jobs.answered(['a']);
    expect(jobs.known).toEqual(['a']);
    jobs.answered(['a']);
    expect(jobs.known).toEqual([]);
  });

  it('are not dropped by an earlier run', () => {
    const first = jobs.adopted('a');
    jobs.adopted('a');
    jobs.drop('a', first);
    expect(jobs.known).toEqual(['a']);
  });

  it('are cancelled one by one, if they run here', () => {
    expect(jobs.isIdle).toBe(true);
    const [cancelled, other] = [jobs.adopted('a'), jobs.adopted('b')];
    expect(jobs.isIdle).toBe(false);
    jobs.cancel('a');
    jobs.cancel('elsewhere');
    expect(cancelled.reason).toBeInstanceOf(JobCancelled);
    expect(other.reason).toBeUndefined();
  });

  it('are aborted when the lease is lost', () => {
    const stop = jobs.adopted('a');
    lose();
    expect(stop.reason).toBeInstanceOf(JobLeaseLost);
  });
});
