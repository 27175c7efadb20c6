import { type Answer } from '../support/http-client.js';
import { startApp, type TestApp } from '../support/app.js';
import { describeWhere } from '../support/require.js';
import { DIFFERENCES } from './differences.js';
import { compare } from './golden/comparison.js';
import { type Exchange, readRecording } from './golden/recording.js';
import { outOfScope } from './golden/scope.js';
import { FIXTURES, Stage } from './golden/stage.js';
import { World } from './golden/world.js';

const recording = readRecording();
const ABSENT = 'there is no ../shared/golden beside this checkout: 0 recorded exchanges replayed';
if (recording === undefined) console.log(ABSENT);

const skipped = outOfScope(recording ?? []);
const replayed = (recording ?? []).filter((exchange) => !skipped.has(exchange));

const used = new Map(DIFFERENCES.map(({ name }) => [name, 0]));
let explained = 0;

describeWhere(recording !== undefined, ABSENT)('exchanges of a real Ironic', () => {
  let service: TestApp;
  let world: World;
  let stage: Stage;
  beforeAll(async () => {
    service = await startApp({
      FERRULE_ENABLED_HARDWARE_TYPES: 'fake-hardware,lab-hardware',
      FERRULE_DRIVER_ROOT: FIXTURES,
      FERRULE_HOSTNAME: '127.0.0.1',
    });
    world = new World(service.http.base);
    stage = await Stage.of(service);
  });
  afterAll(async () => {
    console.log(summary());
    await service.close();
  });

  // In the recorded order, since exchanges depend on the nodes of earlier ones.
  it.each(replayed.map((exchange) => [nameOf(exchange), exchange] as const))(
    '%s',
    async (_name, exchange) => {
      await stage.before(exchange);
      const { verb, path, ask } = world.request(exchange);
      const answer = await service.http.send(verb, path, ask);
      stage.after(exchange);
      world.learn(exchange, answer);
      await forgetUnrecorded(exchange, answer);
      expect(unexplained(exchange, answer)).toEqual([]);
    },
  );

  it.each(DIFFERENCES.filter(({ explains }) => explains).map(({ name }) => name))(
    'the difference "%s" occurs',
    (name) => {
      expect(used.get(name)).toBeGreaterThan(0);
    },
  );

  async function forgetUnrecorded(exchange: Exchange, answer: Answer): Promise<void> {
    if (answer.status !== 201 || exchange.response.status === 201) return;
    await stage.forget(answer.json<{ uuid: string }>().uuid);
  }

  function unexplained(exchange: Exchange, answer: Answer): unknown[] {
    const mismatches = compare(exchange, answer, world);
    const rest = mismatches.filter((mismatch) => {
      const reasons = DIFFERENCES.filter((difference) => difference.explains?.(mismatch, exchange));
      for (const { name } of reasons) used.set(name, (used.get(name) ?? 0) + 1);
      return reasons.length === 0;
    });
    if (mismatches.length > 0 && rest.length === 0) explained++;
    return rest.length === 0 ? [] : [...rest, answer.text];
  }
});

function nameOf({ seq, label, request }: Exchange): string {
  return `${seq} ${label.slice(4)}: ${request.method} ${request.path}`;
}

function summary(): string {
  const reasons = new Map<string, number>();
  for (const reason of skipped.values()) reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
  return [
    `Of ${recording?.length} recorded exchanges ${replayed.length} were replayed: ${replayed.length - explained} equal, ` +
      `${explained} with a named difference. Out of scope:`,
    ...[...reasons].map(([reason, count]) => `  ${count} ${reason}`),
  ].join('\n');
}
