export interface Life {
  readonly id: string;
  isOver: boolean;
}

/** Of the facts' clock, which counts acquisitions, adoptions and looks. */
type Time = number;

export interface Job {
  readonly id: string;
  readonly node: number;
  readonly token: string;
  state: 'queued' | 'running' | 'ended' | 'cancelled' | 'given-up';
  /** Cancelling was asked for while it ran. */
  isAsked: boolean;
  /** That of the process that adopted it. */
  life: Life | undefined;
  adoptions: number;
  adoptedAt: Time;
  begun: number;
}

export interface Adoption {
  readonly job: Job;
  readonly adoption: number;
}

/** A search of a process for locks and jobs that it does not know. */
export interface Look {
  readonly life: Life;
  readonly tokens: readonly string[];
  readonly jobs: readonly Job[];
  readonly before: LookTime;
}

export interface LookTime {
  readonly at: Time;
  /** The same by the database's clock. */
  readonly locks: string;
  readonly jobs: string;
}

const NEVER: LookTime = { at: 0, locks: '-infinity', jobs: '-infinity' };

/** A statement that the database executes long after it was sent. */
export type Late =
  ({ readonly kind: 'give back' | 'finish' } & Adoption) | ({ readonly kind: 'look' } & Look);

/** The holder of a node's lock: a call of a process, or a job. */
export type Holder =
  { readonly life: Life; readonly token: string; readonly at: Time } | { readonly job: Job };

/** A call that stands in the line of a node. */
export interface Waiter {
  readonly life: Life;
  readonly token: string;
  readonly place: number;
}

export interface Node {
  holder: Holder | undefined;
  fence: number;
  /** First come, first served; those of ended lives count no more. */
  line: Waiter[];
}

/** What a process believes. It may be wrong, since its life may have ended unnoticed. */
export interface Process {
  life: Life;
  locks: { readonly node: number; readonly token: string }[];
  jobs: Adoption[];
  places: { readonly node: number; readonly waiter: Waiter }[];
  looked: LookTime;
}

/** The state that the database must have according to the rules. */
export class Facts {
  readonly nodes: Node[];
  readonly processes: Process[];
  readonly jobs: Job[] = [];
  readonly late: Late[] = [];
  clock: Time = 0;

  constructor(nodes: number, lives: readonly string[]) {
    this.nodes = Array.from({ length: nodes }, () => ({ holder: undefined, fence: 0, line: [] }));
    this.processes = lives.map((id) => ({
      life: { id, isOver: false },
      locks: [],
      jobs: [],
      places: [],
      looked: NEVER,
    }));
  }

  tick(): Time {
    return ++this.clock;
  }

  node(index: number): Node {
    const node = this.nodes[index % this.nodes.length];
    if (!node) throw new RangeError('There is no node.');
    return node;
  }

  process(index: number): Process {
    const process = this.processes[index % this.processes.length];
    if (!process) throw new RangeError('There is no process.');
    return process;
  }

  /** Free, or held by a call of a process whose life has ended. */
  isFree({ holder }: Node): boolean {
    return holder === undefined || ('life' in holder && holder.life.isOver);
  }

  /** Whether the lock is free and no other waits that came before. @param place undefined outside the line. */
  mayTake(node: Node, place = Infinity): boolean {
    return this.isFree(node) && !node.line.some((each) => !each.life.isOver && each.place < place);
  }

  leave(node: Node, { token }: Waiter): void {
    node.line = node.line.filter((each) => each.token !== token);
  }

  /** @returns the job that ends with the lock. */
  break(node: Node): Job | undefined {
    const { holder } = node;
    node.holder = undefined;
    node.fence++;
    if (!holder || !('job' in holder)) return undefined;
    const { job } = holder;
    job.state = job.state === 'queued' ? 'cancelled' : 'given-up';
    return job;
  }

  /** A job with the lock of its node. */
  accept({ id, node, token }: Pick<Job, 'id' | 'node' | 'token'>): void {
    const job: Job = {
      id,
      node,
      token,
      state: 'queued',
      isAsked: false,
      life: undefined,
      adoptions: 0,
      adoptedAt: 0,
      begun: 0,
    };
    this.jobs.push(job);
    this.take(this.node(node), { job });
  }

  take(node: Node, holder: Holder): void {
    node.holder = holder;
    node.fence++;
  }

  release(node: Node, token: string): void {
    const { holder } = node;
    if (!holder) return;
    const held = 'job' in holder ? holder.job.token : holder.token;
    if (held === token) node.holder = undefined;
  }

  adopt(job: Job, life: Life): Adoption {
    Object.assign(job, { state: 'running', life });
    job.adoptions++;
    job.adoptedAt = this.tick();
    return { job, adoption: job.adoptions };
  }

  giveBack({ job, adoption }: Adoption): void {
    if (isCurrent({ job, adoption })) Object.assign(job, { state: 'queued', life: undefined });
  }

  finish({ job, adoption }: Adoption): boolean {
    if (!isCurrent({ job, adoption })) return false;
    job.state = 'ended';
    this.release(this.node(job.node), job.token);
    return true;
  }

  /** @returns the outcome. */
  cancel(job: Job): 'cancelled' | 'asked' | 'ended' {
    if (job.state === 'running') {
      job.isAsked = true;
      return 'asked';
    }
    if (job.state !== 'queued') return 'ended';
    job.state = 'cancelled';
    this.release(this.node(job.node), job.token);
    return 'cancelled';
  }

  /** A process starts, or notices the end of its life, and forgets its locks and jobs. */
  begin(process: Process, life: string): void {
    process.life = { id: life, isOver: false };
    process.locks = [];
    process.jobs = [];
    process.places = [];
    process.looked = NEVER;
  }

  /** Frees only what is older than the earlier look. @returns the ids of the jobs. */
  freeUnknown({ life, tokens, jobs, before }: Look): string[] {
    for (const node of this.nodes) {
      const { holder } = node;
      if (!holder || 'job' in holder || holder.life !== life || holder.at > before.at) continue;
      if (!tokens.includes(holder.token)) node.holder = undefined;
    }
    const forgotten = this.jobs.filter(
      (job) =>
        job.state === 'running' && job.life === life && job.adoptedAt < before.at && !jobs.includes(job),
    );
    for (const job of forgotten) Object.assign(job, { state: 'queued', life: undefined });
    return forgotten.map(({ id }) => id);
  }

  /** Ends jobs of dead processes with an unknown outcome, and breaks their locks with a new fence. */
  giveUp(): string[] {
    const lost = this.jobs.filter(({ state, life }) => state === 'running' && life?.isOver === true);
    for (const job of lost) {
      job.state = 'given-up';
      const node = this.node(job.node);
      if (node.holder && 'job' in node.holder && node.holder.job === job) {
        node.holder = undefined;
        node.fence++;
      }
    }
    return lost.map(({ id }) => id);
  }
}

function isCurrent({ job, adoption }: Adoption): boolean {
  return job.state === 'running' && job.adoptions === adoption;
}
