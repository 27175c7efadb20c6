import { setTimeout as delay } from 'node:timers/promises';
import {
  Attachment,
  Conflict,
  DriverModule,
  DriverPassthru,
  type DriverTask,
  type ExclusiveTask,
  HardwareType,
  InvalidParameterValue,
  type JsonObject,
  MissingParameterValue,
  Passthru,
  type SharedTask,
  type TaskNode,
  VendorInterface,
} from '@ferrule/driver-kit';
import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { z } from 'zod';

/** Arguments that the examples have; others make some methods fail. */
export const GOOD = { word: 'good' };

const Word = z.object({ word: z.string().max(20).describe('Any word.') });
type Word = z.output<typeof Word>;
/** The schema says what it does not check. */
const Unchecked = z.object({
  word: z.unknown().optional().meta({ type: 'string', maxLength: 20, description: 'Any word.' }),
});
type Unchecked = z.output<typeof Unchecked>;
const Hidden = z.object({
  word: z
    .string()
    .max(20)
    .refine((word) => word === GOOD.word)
    .describe('A certain word.'),
});
const Either = z.object({ id: z.union([z.string(), z.object({})]).describe('A text or an object.') });
const Url = z.object({ url: z.string().optional().describe('Of the service.') });
type Url = z.output<typeof Url>;

const READ = { http: ['GET'], async: false, lock: 'shared' } as const;
const WRITE = { http: ['POST'], async: false } as const;

/** Each method breaks one rule, and keeps the others as far as that is possible. */
@VendorInterface({ name: 'faulty' })
export class FaultyVendor {
  private readonly logger = new Logger('Faulty');
  private isBusy = false;

  @Passthru({ ...WRITE, description: 'Fail in the example.' })
  exampleSync(_task: ExclusiveTask): void {
    throw new Conflict('The node is never ready.');
  }

  @Passthru({ http: ['POST'], description: 'Fail in the job of the example.' })
  exampleAsync(_task: ExclusiveTask): void {
    throw new Conflict('The node is never ready.');
  }

  @Passthru({ ...READ, description: 'Return a date.' })
  resultJson(_task: SharedTask): JsonObject {
    return { when: new Date() as unknown as string };
  }

  @Passthru({ ...WRITE, returns: z.object({ count: z.int() }), description: 'Return more than it says.' })
  resultAsDeclared(_task: ExclusiveTask): { count: number } {
    const result = { count: 1, more: 2 };
    return result;
  }

  @Passthru({ ...READ, description: 'Return a text.' })
  resultObject(_task: SharedTask): string {
    return 'a text';
  }

  @Passthru({ ...WRITE, description: 'Return much.' })
  resultSmall(_task: ExclusiveTask): JsonObject {
    return { text: 'x'.repeat(1_100_000) };
  }

  @Passthru({ ...WRITE, attach: true, description: 'Return a file of no type.' })
  attachmentTyped(_task: ExclusiveTask): Attachment {
    return new Attachment('text', undefined, 'file.txt');
  }

  @Passthru({ ...WRITE, attach: true, description: 'Return a file with a path.' })
  attachmentNamed(_task: ExclusiveTask): Attachment {
    return new Attachment('text', 'text/plain', 'folder/file.txt');
  }

  @Passthru({ ...WRITE, description: 'Report less than before.' })
  progressValid(task: ExclusiveTask): void {
    task.progress({ percent: 50 });
    task.progress({ percent: 10 });
  }

  @Passthru({ http: ['POST'], timeout: '2h', description: 'Take long in silence.' })
  progressOfLong(_task: ExclusiveTask): void {}

  @Passthru({ ...WRITE, description: 'Report after the end.' })
  taskOver(task: ExclusiveTask): void {
    setTimeout(() => task.progress({ message: 'too late' }), 5);
  }

  @Passthru({ ...READ, description: 'Ask for the fence.' })
  sharedUsesNoLock(task: SharedTask): JsonObject {
    return { fence: (task as ExclusiveTask).fence ?? null };
  }

  @Passthru({ ...READ, args: Url, description: 'Change the node through the API.' })
  async sharedChangesNothing(task: SharedTask, { url }: Url): Promise<void> {
    if (url?.startsWith('http') !== true) return;
    const change = [{ op: 'add', path: '/extra/changed', value: task.requestId }];
    await fetch(`${url}/v1/nodes/${task.node.uuid}`, {
      method: 'PATCH',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(change),
    });
  }

  @Passthru({ ...WRITE, effect: 'read', description: 'Keep when the node was read.' })
  async readChangesNothing(task: ExclusiveTask): Promise<void> {
    await task.saveInternalInfo({ read_by: task.requestId });
  }

  @Passthru({ http: ['GET', 'POST'], async: false, lock: 'shared', description: 'Read as a change.' })
  effectOfGet(_task: SharedTask): void {}

  @Passthru({ ...READ, args: Url, description: 'Refuse to read a locked node.' })
  async sharedWhileLocked(task: SharedTask, { url }: Url): Promise<void> {
    if (url?.startsWith('http') !== true) return;
    const answer = await fetch(`${url}/v1/nodes/${task.node.uuid}`);
    const { reservation } = (await answer.json()) as { reservation: string | null };
    if (reservation !== null) throw new Conflict('The node is locked.');
  }

  @Passthru({ ...READ, description: 'Refuse a second call at once.' })
  async sharedAtOnce(_task: SharedTask): Promise<void> {
    if (this.isBusy) throw new Conflict('Another call runs.');
    this.isBusy = true;
    try {
      await delay(20);
    } finally {
      this.isBusy = false;
    }
  }

  @Passthru({ http: ['POST'], args: Word, description: 'Go on for ever.' })
  async abortHeeded(_task: ExclusiveTask, { word }: Word): Promise<void> {
    if (word === 'endless') await new Promise(() => {});
  }

  @Passthru({ http: ['POST'], args: Word, description: 'Return when aborted.' })
  async abortRejects(task: ExclusiveTask, { word }: Word): Promise<void> {
    if (word === 'endless') await new Promise((resolve) => task.signal.addEventListener('abort', resolve));
  }

  @Passthru({ http: ['POST'], args: Word, description: 'End early.' })
  abortExample(_task: ExclusiveTask, _args: Word): void {}

  @DriverPassthru({ ...WRITE, description: 'Ask for a node.' })
  driverMethodWithoutNode(task: DriverTask): void {
    if (!('node' in task)) throw new MissingParameterValue('There is no node.');
  }

  @Passthru({ ...WRITE, args: Hidden, description: 'Want a certain word, and not say so.' })
  argsAccepted(_task: ExclusiveTask, _args: Word): void {}

  @Passthru({ ...WRITE, args: Word, description: 'Want a certain word, when called.' })
  argsBehaviour(_task: ExclusiveTask, { word }: Word): void {
    if (word !== GOOD.word) throw new InvalidParameterValue('The word must be good.');
  }

  @Passthru({ ...READ, args: Unchecked, description: 'Take anything.' })
  argsRefused(_task: SharedTask, _args: Unchecked): void {}

  @Passthru({ ...WRITE, args: Unchecked, description: 'Check the word under the lock.' })
  argsRefusedFirst(_task: ExclusiveTask, { word }: Unchecked): void {
    if (word !== undefined && !isWord(word)) throw new InvalidParameterValue('The word is wrong.');
  }

  @Passthru({ ...READ, args: Unchecked, description: 'Refuse without a name.' })
  argsRefusalNames(_task: SharedTask, { word }: Unchecked): void {
    if (word !== undefined && !isWord(word)) throw new InvalidParameterValue('Something is wrong.');
  }

  @Passthru({ ...READ, args: Either, description: 'Take a text that may be a number in a query.' })
  argsInQuery(_task: SharedTask, _args: z.output<typeof Either>): void {}

  @Passthru({ ...WRITE, args: Word, description: 'Break for some words.' })
  errorKinds(_task: ExclusiveTask, { word }: Word): void {
    if (word !== GOOD.word) throw new TypeError('Cannot read properties of undefined');
  }

  @Passthru({ ...WRITE, args: Word, description: 'Say too little.' })
  errorSentence(_task: ExclusiveTask, { word }: Word): void {
    if (word !== GOOD.word) throw new Conflict('no');
  }

  @Passthru({ ...READ, description: 'Return the password.' })
  leakInResults(task: SharedTask): JsonObject {
    return { shown: task.node.driverInfo['faulty_password'] };
  }

  @Passthru({ ...WRITE, description: 'Fail with the password.' })
  leakInErrors(task: ExclusiveTask): void {
    throw new Conflict(`Not with ${passwordOf(task)}.`);
  }

  @Passthru({ ...WRITE, description: 'Report the password.' })
  leakInProgress(task: ExclusiveTask): void {
    task.progress({ message: passwordOf(task) });
  }

  @Passthru({ ...WRITE, description: 'Save the password.' })
  async leakWhenSaved(task: ExclusiveTask): Promise<void> {
    await task.saveInternalInfo({ kept: task.node.driverInfo['faulty_password'] });
  }

  @Passthru({ ...WRITE, description: 'Try it with hunter2-"secret.' })
  leakInListing(_task: ExclusiveTask): void {}

  @Passthru({ ...WRITE, description: 'Log the password.' })
  leakInLog(task: ExclusiveTask): void {
    this.logger.log(`logging in with ${passwordOf(task)}`);
  }
}

function passwordOf({ node }: SharedTask): string {
  const { faulty_password: password } = node.driverInfo;
  return typeof password === 'string' ? password : '';
}

function isWord(word: unknown): boolean {
  return typeof word === 'string' && word.length <= 20;
}

@HardwareType({
  name: 'faulty-hardware',
  description: 'What breaks rules',
  driverInfo: z.object({
    faulty_address: z.string().optional().describe('Where it is. Required.'),
    faulty_password: z.string().optional().describe('The password.'),
  }),
  interfaces: { vendor: [FaultyVendor] },
})
export class FaultyHardware {
  async validate({ driverInfo }: TaskNode): Promise<void> {
    if (driverInfo['faulty_address'] === 'nowhere') await delay(400);
  }
}

@HardwareType({
  name: 'faulty-picky',
  description: 'What no node is good enough for',
  interfaces: { vendor: [FaultyVendor], power: ['faulty'] },
})
export class PickyHardware {
  validate(): void {
    throw new InvalidParameterValue('No node is good enough.');
  }
}

@DriverModule({ kit: 1, hardwareTypes: [FaultyHardware, PickyHardware] })
export default class FaultyDriver {}

const timers: NodeJS.Timeout[] = [];

/** Ends what `LingeringDriver` leaves behind. */
export function endLingering(): void {
  for (const timer of timers.splice(0)) clearInterval(timer);
}

@Injectable()
class Lingering implements OnApplicationShutdown {
  constructor() {
    timers.push(setInterval(() => {}, 1_000));
  }

  async onApplicationShutdown(): Promise<void> {
    await delay(600);
  }
}

let starts = 0;

@VendorInterface({ name: 'lingering' })
export class LingeringVendor {
  constructor(_lingering: Lingering) {
    starts++;
    if (starts > 1) throw new Error('It was started before.');
  }

  @Passthru({ ...READ, description: 'Do nothing.' })
  nothing(_task: SharedTask): void {}
}

@HardwareType({
  name: 'lingering',
  description: 'What leaves something behind',
  interfaces: { vendor: [LingeringVendor] },
})
export class LingeringHardware {}

@DriverModule({ kit: 1, providers: [Lingering], hardwareTypes: [LingeringHardware] })
export class LingeringDriver {}

@VendorInterface({ name: 'orphan' })
class OrphanVendor {
  constructor(_missing: Lingering) {}

  @Passthru({ ...READ, description: 'Do nothing.' })
  nothing(_task: SharedTask): void {}
}

@HardwareType({ name: 'orphan', description: 'What nobody provides', interfaces: { vendor: [OrphanVendor] } })
class OrphanHardware {}

/** Does not start. */
@DriverModule({ kit: 1, hardwareTypes: [OrphanHardware] })
export class OrphanDriver {}
