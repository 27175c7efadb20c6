import { type Answer, empty, json } from '../messages/answer.js';
import {
  type ErrorStyle,
  extendedInfo,
  Refusal,
  refusalAnswer,
  type RedfishMessage,
} from '../messages/errors.js';
import { type TaskScript } from '../misbehaviours/task-script.js';
import { textOf } from '../tree/json.js';
import { ROOT } from '../tree/layout.js';
import { type Feature, type OwnedResources, type Verb } from './feature.js';
import { FOREIGN_ORIGIN, normalisePath } from '../tree/paths.js';
import { type ResourceTree } from '../tree/tree.js';

interface Task {
  readonly path: string;
  readonly monitor: string;
  readonly script: TaskScript;
  /** Infinity for a task that ends by time alone. */
  readonly mostPolls: number;
  /** Does the work and returns the answer of a synchronous request. */
  readonly effect: () => Answer;
  /** The path of the resource whose reset ends the task. */
  readonly waitsFor: string | undefined;
  polls: number;
  timer?: NodeJS.Timeout;
  result?: Answer;
  isMonitorDeleted?: boolean;
}

/** When a task ends whose script does not say it: whatever comes first. */
const USUAL = { polls: 2, ms: 5_000 };
const JOBS = `${ROOT}/JobService/Jobs`;
const DONE = new Set(['Completed', 'RebootCompleted', 'CompletedWithErrors']);

export class Tasks implements Feature {
  readonly resources: readonly OwnedResources[] = [this];
  private readonly tasks: Task[] = [];
  private lastId = 0;

  constructor(
    private readonly tree: ResourceTree,
    private readonly collection: string,
    private readonly location: 'task' | 'monitor',
    private readonly style: ErrorStyle,
  ) {}

  get states(): { id: string; state: string }[] {
    return this.tasks.map(({ path }) => {
      const { Id, TaskState } = this.tree.get(path) ?? {};
      return { id: textOf(Id ?? ''), state: textOf(TaskState ?? 'gone') };
    });
  }

  /**
   * Answers 202. The work is done once the client has polled as often as the script says, or its time is over.
   * @param waitsFor the path of a resource whose reset ends the task, too
   */
  begin(name: string, effect: () => Answer, script: TaskScript = {}, waitsFor?: string): Answer {
    const id =
      this.location === 'task' ? `JID_${String(++this.lastId).padStart(12, '0')}` : String(++this.lastId);
    const path = `${this.collection}/${id}`;
    const monitor =
      this.location === 'task' ? path : `${this.collection.replace(/\/Tasks$/, '')}/TaskMonitors/${id}`;
    const { polls: mostPolls = Infinity, ms } =
      script.polls === undefined && script.ms === undefined ? USUAL : script;
    const task: Task = { path, monitor, script, mostPolls, effect, waitsFor, polls: 0 };
    this.tasks.push(task);
    if (ms !== undefined) {
      task.timer = setTimeout(() => this.finish(task), ms).unref();
    }
    this.tree.addMember(this.collection, path, {
      '@odata.id': path,
      '@odata.type': '#Task.v1_4_3.Task',
      Id: id,
      Name: name,
      TaskMonitor: monitor,
      TaskState: 'New',
      TaskStatus: 'OK',
      PercentComplete: 0,
      StartTime: new Date().toISOString(),
      Messages: [],
    });
    const told = script.told ?? 'both';
    const origin = script.foreignLocation ? FOREIGN_ORIGIN : '';
    const headers = { ...retryAfter(script), ...(told !== 'body' && { Location: origin + monitor }) };
    return told === 'location' ? empty(202, headers) : json(202, this.tree.get(path) ?? {}, headers);
  }

  /** Ends the tasks that wait for a reset of this resource. */
  restarted(path: string): void {
    this.tasks.filter(({ waitsFor }) => waitsFor === path).forEach((task) => this.finish(task));
  }

  close(): void {
    this.tasks.forEach(({ timer }) => clearTimeout(timer));
  }

  owns(path: string): boolean {
    const task = this.find(path);
    return task !== undefined && this.tree.has(task.path);
  }

  verbs(path: string): readonly Verb[] {
    return this.find(path)?.script.cancellable === false ? [] : ['DELETE'];
  }

  read(path: string): Answer | undefined {
    const task = this.find(path);
    if (!task) {
      return undefined;
    }
    this.advance(task);
    const resource = this.tree.get(task.path);
    const { script } = task;
    const isMonitor = this.location === 'monitor' && normalisePath(path) === normalisePath(task.monitor);
    if (!resource || (isMonitor && task.isMonitorDeleted)) {
      return undefined;
    }
    const headers = { Allow: ['GET', 'HEAD', ...this.verbs(path)].join(', ') };
    if (!task.result) {
      return json(isMonitor ? 202 : 200, resource, { ...headers, ...(isMonitor && retryAfter(script)) });
    }
    return isMonitor ? task.result : json(200, resource, headers);
  }

  /** Cancels a task. */
  remove(path: string): Answer {
    const task = this.find(path);
    if (!task) {
      throw Refusal.notFound(path);
    }
    if (!task.result) {
      this.end(task, 'Cancelled');
    }
    task.isMonitorDeleted = this.location === 'monitor';
    return empty(204);
  }

  private find(path: string): Task | undefined {
    const wanted = normalisePath(path);
    return this.tasks.find((task) => wanted === task.path || wanted === task.monitor);
  }

  private advance(task: Task): void {
    const { script, mostPolls } = task;
    if (task.result) {
      return;
    }
    if (task.polls < mostPolls) {
      task.polls += 1;
      const share = mostPolls === Infinity ? 0 : task.polls / (mostPolls + 1);
      const PercentComplete = Math.min(99, Math.floor(100 * share));
      this.tree.patch(task.path, { TaskState: script.running ?? 'Running', PercentComplete });
      return;
    }
    this.finish(task);
  }

  private finish(task: Task): void {
    const { script, path } = task;
    if (task.result) {
      return;
    }
    this.end(task, script.final ?? 'Completed');
    const { Id, Name, TaskState, PercentComplete } = this.tree.get(path) ?? {};
    if (script.becomesJob) {
      const job = `${JOBS}/${textOf(Id)}`;
      const fields = { '@odata.type': '#Job.v1_2_0.Job', Id, Name, JobState: TaskState, PercentComplete };
      this.tree.addMember(JOBS, job, { '@odata.id': job, ...fields });
    }
    if (script.vanishes || script.becomesJob) {
      this.tree.removeMember(this.collection, path);
    }
  }

  private end(task: Task, state: string): void {
    clearTimeout(task.timer);
    const isDone = DONE.has(state);
    const refusal = isDone ? this.work(task) : undefined;
    if (!isDone) {
      task.result = this.failure(messagesOf(task));
    }
    this.tree.patch(task.path, {
      TaskState: refusal ? 'Exception' : state,
      TaskStatus: isDone && state !== 'CompletedWithErrors' && !refusal ? 'OK' : 'Critical',
      ...(isDone && { PercentComplete: 100 }),
      EndTime: new Date().toISOString(),
      Messages: (refusal?.messages ?? messagesOf(task)).map((message) => extendedInfo(message, this.style)),
    });
  }

  private failure(messages: readonly RedfishMessage[], status = 500): Answer {
    return refusalAnswer(new Refusal(status, messages), this.style);
  }

  private work(task: Task): Refusal | undefined {
    try {
      task.result = task.effect();
      return undefined;
    } catch (error) {
      if (!(error instanceof Refusal)) {
        throw error;
      }
      task.result = this.failure(error.messages, error.status);
      return error;
    }
  }
}

function messagesOf({ script, path }: Task): readonly RedfishMessage[] {
  const { final = 'Completed', messages } = script;
  const args = [path.split('/').at(-1) ?? ''];
  const bad = { id: 'TaskEvent.1.0.TaskAborted', text: 'The task ended before its work was done.', args };
  return messages ?? (final === 'Completed' || final === 'RebootCompleted' ? [] : [bad]);
}

function retryAfter({ retryAfter }: TaskScript): { 'Retry-After'?: string } {
  return retryAfter === undefined ? {} : { 'Retry-After': String(retryAfter) };
}
