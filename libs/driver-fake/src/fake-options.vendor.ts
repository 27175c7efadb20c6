import { setTimeout as delay } from 'node:timers/promises';
import {
  Attachment,
  Conflict,
  DriverPassthru,
  type DriverTask,
  type ExclusiveTask,
  type JsonObject,
  Passthru,
  type SharedTask,
  VendorInterface,
} from '@ferrule/driver-kit';
import { z } from 'zod';
import { FakeSettings } from './fake.settings.js';
import { NodeActivity } from './node-activity.js';

const Echo = z.looseObject({
  password: z.string().optional().meta({ description: 'Not returned.', writeOnly: true }),
});
const Sleep = z.object({ seconds: z.number().min(0).max(3600).describe('How long to sleep.') });
const Work = z.object({
  milliseconds: z.number().int().min(0).max(60_000).default(10).describe('How long to work.'),
});
const Steps = z.object({
  steps: z.number().int().min(1).max(100).default(4).describe('How many reports to make.'),
});
const Throw = z.object({
  kind: z
    .enum(['conflict', 'unexpected'])
    .default('unexpected')
    .describe('An error of the kit, or one that no driver should throw.'),
  message: z.string().default('the fake driver was asked to fail').describe('The message of the error.'),
});
const Note = z.object({
  key: z.string().min(1).describe('Its name there.'),
  value: z.json().describe('What is kept.'),
});
const Log = z.object({
  lines: z.number().int().min(0).max(10_000).default(3).describe('How long the log is.'),
});

/** Shows every option of the kit, as an example for driver authors. */
@VendorInterface({ name: 'fake-options' })
export class FakeOptionsVendor {
  constructor(
    private readonly activity: NodeActivity,
    private readonly settings: FakeSettings,
  ) {}

  @Passthru({
    http: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'],
    async: false,
    lock: 'shared',
    effect: 'read',
    args: Echo,
    description: 'Return the verb and the arguments, by any verb',
  })
  echo(task: SharedTask, { password, ...args }: z.output<typeof Echo>): JsonObject {
    const shown = JSON.parse(JSON.stringify(args)) as JsonObject;
    return {
      http_method: task.httpMethod,
      args: password === undefined ? shown : { ...shown, password: '******' },
    };
  }

  @Passthru({
    http: ['POST'],
    name: 'work',
    async: false,
    args: Work,
    description: 'Work on the node for some milliseconds and return how many calls did so at a time',
  })
  async workOnNode(task: ExclusiveTask, { milliseconds }: z.output<typeof Work>): Promise<JsonObject> {
    return this.activity.during(task.node.uuid, async () => {
      if (milliseconds > 0) await delay(milliseconds, undefined, { signal: task.signal });
      return {
        peak: this.activity.peak(task.node.uuid),
        nodes: this.activity.nodesAtWork,
        fence: task.fence,
      };
    });
  }

  @Passthru({
    http: ['GET'],
    async: false,
    lock: 'shared',
    attach: true,
    args: Log,
    description: 'Download a log',
  })
  log(task: SharedTask, { lines }: z.output<typeof Log>): Attachment {
    return logOf(task.node.uuid, lines);
  }

  @Passthru({
    http: ['POST'],
    lock: 'shared',
    attach: true,
    args: Log,
    description: 'Collect a log as a job',
  })
  collectLog(task: SharedTask, { lines }: z.output<typeof Log>): Attachment {
    return logOf(task.node.uuid, lines);
  }

  @Passthru({ http: ['POST'], args: Steps, description: 'Report progress step by step' })
  reportProgress(task: ExclusiveTask, { steps }: z.output<typeof Steps>): JsonObject {
    for (let step = 1; step <= steps; step++) {
      task.progress({ percent: (step / steps) * 100, message: `step ${step} of ${steps}` });
    }
    return { steps };
  }

  @Passthru({
    http: ['POST'],
    args: Sleep,
    timeout: '2h',
    description: 'Sleep, and stop at once when aborted',
  })
  async sleep(task: ExclusiveTask, { seconds }: z.output<typeof Sleep>): Promise<JsonObject> {
    await delay(seconds * 1000, undefined, { signal: task.signal });
    return { slept: seconds };
  }

  @Passthru({
    http: ['POST'],
    async: false,
    args: Sleep,
    timeout: '1s',
    description: 'Sleep for at most a second while the caller waits',
  })
  async sleepSync(task: ExclusiveTask, { seconds }: z.output<typeof Sleep>): Promise<JsonObject> {
    await delay(seconds * 1000, undefined, { signal: task.signal });
    return { slept: seconds };
  }

  @Passthru({ http: ['POST'], args: Throw, description: 'Fail as a job' })
  fail(_task: ExclusiveTask, args: z.output<typeof Throw>): void {
    throw failure(args);
  }

  @Passthru({
    http: ['POST'],
    async: false,
    lock: 'shared',
    args: Throw,
    description: 'Fail while the caller waits',
  })
  failSync(_task: SharedTask, args: z.output<typeof Throw>): void {
    throw failure(args);
  }

  @Passthru({ http: ['PUT'], async: false, args: Note, description: 'Keep a value in driver_internal_info' })
  async note(task: ExclusiveTask, { key, value }: z.output<typeof Note>): Promise<void> {
    await task.saveInternalInfo({ [key]: value });
  }

  @DriverPassthru({
    http: ['GET', 'POST'],
    async: false,
    effect: 'read',
    description: 'Return the driver, the verb and the site, without a node',
  })
  driverInfo(task: DriverTask): JsonObject {
    return { driver: task.driver, http_method: task.httpMethod, site: this.settings.site };
  }

  @DriverPassthru({ http: ['POST'], args: Sleep, description: 'Sleep without a node' })
  async driverSleep(task: DriverTask, { seconds }: z.output<typeof Sleep>): Promise<JsonObject> {
    await delay(seconds * 1000, undefined, { signal: task.signal });
    return { slept: seconds };
  }
}

function logOf(node: string, lines: number): Attachment {
  const text = Array.from({ length: lines }, (_, index) => `${index + 1} node ${node} is fine\n`).join('');
  return new Attachment(text, 'text/plain; charset=utf-8', 'node.log');
}

function failure({ kind, message }: z.output<typeof Throw>): Error {
  return kind === 'conflict' ? new Conflict(message) : new Error(message);
}
