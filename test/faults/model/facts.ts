/** One life of a process, as the model knows it. */
export interface Life {
  readonly id: string;
  isOver: boolean;
}

export interface Job {
  readonly id: string;
  readonly node: number;
  readonly token: string;
  state: 'queued' | 'running' | 'ended' | 'given-up';
  /** Of the process that adopted it. */
  life: Life | undefined;
  /** How often its method began. */
  begun: number;
}

/** Who has a node's lock: a call of a process, or a job. */
export type Holder = { readonly life: Life; readonly token: string } | { readonly job: Job };

export interface Node {
  holder: Holder | undefined;
  fence: number;
}

/** What a process believes: it may be wrong, since its life may be over without its knowing. */
export interface Process {
  life: Life;
  /** Locks that it holds, with the node of each. */
  locks: { readonly node: number; readonly token: string }[];
  /** Jobs whose methods it has begun. */
  jobs: Job[];
}

/** What must be true of the database, by the rules alone. */
export class Facts {
  readonly nodes: Node[];
  readonly processes: Process[];
  readonly jobs: Job[] = [];

  constructor(nodes: number, lives: readonly string[]) {
    this.nodes = Array.from({ length: nodes }, () => ({ holder: undefined, fence: 0 }));
    this.processes = lives.map((id) => ({ life: { id, isOver: false }, locks: [], jobs: [] }));
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

  /** Free, or held by a call of a process whose life is over. */
  isFree({ holder }: Node): boolean {
    return holder === undefined || ('life' in holder && holder.life.isOver);
  }

  take(node: Node, holder: Holder): void {
    node.holder = holder;
    node.fence++;
  }

  /** The owner gives the lock up, if it still has it. */
  release(node: Node, token: string): void {
    const { holder } = node;
    if (!holder) return;
    const held = 'job' in holder ? holder.job.token : holder.token;
    if (held === token) node.holder = undefined;
  }

  /** A process notices that its life is over, or starts again: it knows nothing of what it had. */
  begin(process: Process, life: string): void {
    process.life = { id: life, isOver: false };
    process.locks = [];
    process.jobs = [];
  }

  /** Jobs of dead processes end in doubt, and their locks are broken with a new fence. */
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
