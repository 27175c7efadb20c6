import { type Answer, empty, json } from '../messages/answer.js';
import { Refusal, type RedfishMessage } from '../messages/errors.js';
import { type TaskScript } from '../misbehaviours/task-script.js';
import { type JsonObject, textOf } from '../tree/json.js';
import { FOREIGN_ORIGIN, normalisePath } from '../tree/paths.js';
import { type ResourceTree } from '../tree/tree.js';

interface Task {
  readonly path: string;
  readonly monitor: string;
  readonly script: TaskScript;
  /** Does the work and returns the answer of a synchronous request. */
  readonly effect: () => Answer;
  polls: number;
  result?: Answer;
}

export class Tasks {
  private readonly tasks: Task[] = [];
  private lastId = 0;

  constructor(
    private readonly tree: ResourceTree,
    private readonly collection: string,
    private readonly location: 'task' | 'monitor',
  ) {}

  get states(): { id: string; state: string }[] {
    return this.tasks.map(({ path }) => {
      const { Id, TaskState } = this.tree.get(path) ?? {};
      return { id: textOf(Id ?? ''), state: textOf(TaskState ?? 'gone') };
    });
  }

  /** Answers 202. The work is done once the client has polled as often as the script says. */
  begin(name: string, effect: () => Answer, script: TaskScript = {}): Answer {
    const id =
      this.location === 'task' ? `JID_${String(++this.lastId).padStart(12, '0')}` : String(++this.lastId);
    const path = `${this.collection}/${id}`;
    const monitor =
      this.location === 'task' ? path : `${this.collection.replace(/\/Tasks$/, '')}/TaskMonitors/${id}`;
    this.tasks.push({ path, monitor, script, effect, polls: 0 });
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

  read(path: string): Answer | undefined {
    const task = this.find(path);
    if (!task) {
      return undefined;
    }
    this.advance(task);
    const resource = this.tree.get(task.path);
    const { script } = task;
    if (!resource) {
      return undefined;
    }
    const headers = { Allow: script.cancellable === false ? 'GET, HEAD' : 'GET, HEAD, DELETE' };
    const isMonitor = normalisePath(path) === normalisePath(task.monitor);
    if (!task.result) {
      return json(isMonitor ? 202 : 200, resource, { ...headers, ...(isMonitor && retryAfter(script)) });
    }
    return isMonitor && this.location === 'monitor' ? task.result : json(200, resource, headers);
  }

  cancel(path: string): Answer | undefined {
    const task = this.find(path);
    if (!task || !this.tree.has(task.path)) {
      return undefined;
    }
    if (task.script.cancellable === false) {
      throw Refusal.notAllowed('DELETE', 'GET, HEAD');
    }
    if (!task.result) {
      this.end(task, 'Cancelled');
    }
    return empty(204);
  }

  private find(path: string): Task | undefined {
    const wanted = normalisePath(path);
    return this.tasks.find((task) => wanted === task.path || wanted === task.monitor);
  }

  private advance(task: Task): void {
    const { script } = task;
    const polls = script.polls ?? 2;
    if (task.result) {
      return;
    }
    if (task.polls < polls) {
      task.polls += 1;
      const PercentComplete = Math.floor((100 * task.polls) / (polls + 1));
      this.tree.patch(task.path, { TaskState: 'Running', PercentComplete });
      return;
    }
    this.end(task, script.final ?? 'Completed');
    if (script.vanishes) {
      this.tree.removeMember(this.collection, task.path);
    }
  }

  private end(task: Task, state: string): void {
    const isDone = state === 'Completed' || state === 'CompletedWithErrors';
    task.result = isDone ? task.effect() : failure(task.script);
    this.tree.patch(task.path, {
      TaskState: state,
      TaskStatus: state === 'Completed' ? 'OK' : 'Critical',
      ...(isDone && { PercentComplete: 100 }),
      EndTime: new Date().toISOString(),
      Messages: messagesOf(task.script).map(({ id, text }) => ({ MessageId: id, Message: text })),
    });
  }
}

function messagesOf({ final = 'Completed', messages }: TaskScript): readonly RedfishMessage[] {
  const bad = { id: 'TaskEvent.1.0.TaskAborted', text: 'The task ended before its work was done.' };
  return messages ?? (final === 'Completed' ? [] : [bad]);
}

function failure(script: TaskScript): Answer {
  const infos: JsonObject[] = messagesOf(script).map(({ id, text }) => ({ MessageId: id, Message: text }));
  return json(500, {
    error: { code: 'Base.1.8.GeneralError', message: 'Failed.', '@Message.ExtendedInfo': infos },
  });
}

function retryAfter({ retryAfter }: TaskScript): { 'Retry-After'?: string } {
  return retryAfter === undefined ? {} : { 'Retry-After': String(retryAfter) };
}
