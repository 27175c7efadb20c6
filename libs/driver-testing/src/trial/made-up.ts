import { setTimeout as delay } from 'node:timers/promises';
import { type JsonObject, type JsonValue } from '@ferrule/driver-kit';
import fc from 'fast-check';
import { validArguments } from '../arguments/valid.js';
import { type Host } from '../host/host.js';
import { type Method } from '../subject/subject.js';
import { fakeDriverTask, fakeTask } from '../task/fake-task.js';
import { type Called, examplesOf } from './examples.js';
import { Observation } from './execution.js';
import { codeOf } from './observer.js';
import { type Stage } from './stage.js';

/** Milliseconds until a method with made-up arguments is aborted. */
const PATIENCE = 50;

/** Runs the methods' code with arguments that their schemas allow, without the service, and aborts what takes long. */
export async function runMadeUp(stage: Stage, called: readonly Called[]): Promise<Observation[]> {
  const host = await stage.host();
  const observations: Observation[] = [];
  for (const method of stage.subject.methods) {
    const endless = examplesOf(stage, method).filter(({ isEndless }) => isEndless === true);
    for (const { args } of endless) {
      const given = typeof args === 'function' ? {} : (args ?? {});
      observations.push(await runOne(stage, host, new Observation(method, given, 'example')));
    }
    for (const args of argumentsOf(stage, called, method)) {
      observations.push(await runOne(stage, host, new Observation(method, args, 'made up')));
    }
  }
  return observations;
}

function argumentsOf(stage: Stage, called: readonly Called[], method: Method): JsonObject[] {
  if (Object.keys(method.schema.properties ?? {}).length === 0) return [];
  const { runs = 20, seed = 1 } = stage.options;
  const numRuns = Math.max(1, Math.ceil(runs / 2));
  return fc.sample(validArguments(method.schema, fixedOf(stage, called, method)), { numRuns, seed });
}

/** Arguments that the schema refuses leave the observation without an outcome; other rules find them. */
async function runOne(stage: Stage, host: Host, observation: Observation): Promise<Observation> {
  const { method, args } = observation;
  const parsed = method.args.safeParse(args);
  if (!parsed.success) return observation;
  const target = host.get(method.owner.type);
  const task = await taskOf(stage, method);
  const call = async () =>
    observation.run(() =>
      Reflect.apply(codeOf(target, method), target, [observation.watched(task), parsed.data]),
    );
  const ended = call().then(
    () => true,
    () => true,
  );
  if (await within(PATIENCE, ended)) return observation;
  observation.isAborted = true;
  task.abort();
  observation.isStuck = !(await within(stage.grace, ended));
  return observation;
}

async function taskOf(stage: Stage, method: Method) {
  const { hardwareType: driver } = method.owner;
  const httpMethod = method.http[0] ?? 'POST';
  if (method.scope === 'driver') return fakeDriverTask({ driver, httpMethod });
  const { uuid } = await stage.nodeOf(method.owner);
  const options = { driver, httpMethod, driverInfo: await stage.driverInfo(driver), node: { uuid } };
  return method.isShared ? fakeTask({ ...options, lock: 'shared' }) : fakeTask(options);
}

/** Arguments that keep the values of an example. */
export function fixedOf(
  stage: Stage,
  called: readonly Called[],
  method: Method,
): Record<string, JsonValue | undefined> {
  const fixed: Record<string, JsonValue | undefined> = {};
  for (const example of examplesOf(stage, method)) {
    const args =
      typeof example.args === 'function'
        ? (called.find((call) => call.example === example)?.args ?? {})
        : (example.args ?? {});
    for (const name of Object.keys(example.fixed ?? {})) fixed[name] = args[name];
  }
  return fixed;
}

async function within(limit: number, ended: Promise<boolean>): Promise<boolean> {
  const timer = new AbortController();
  try {
    return await Promise.race([ended, delay(limit, false, { signal: timer.signal })]);
  } finally {
    timer.abort();
  }
}
