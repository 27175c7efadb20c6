import { checkDriver, RULES, type Verdict } from '@ferrule/driver-testing';
import FaultyDriver, { endLingering, GOOD, LingeringDriver, OrphanDriver } from '../support/faulty-driver.js';

const PASSWORD = 'hunter2-"secret';
const ENDLESS = { args: { word: 'endless' }, isEndless: true };

/** Rules about the package, which is that of this checkout here. */
const OF_THE_PACKAGE = ['package-entry', 'package-peers', 'package-described', 'import-clean'];

/** The service keeps them for any driver, or no driver of this process may break them. */
const WITHOUT_A_FAULT = [
  'node-created',
  'method-listed',
  'attachment-downloads',
  'driver-info-refusal-hides',
  // An error that nobody caught would end this test, too: `node --test` shows it.
  'no-stray-errors',
];

function failuresOf(verdicts: readonly Verdict[], subject: string): string[] {
  return verdicts
    .filter(({ findings }) => findings.some((finding) => finding.subject === subject))
    .map(({ rule }) => rule.id);
}

function failedIn(verdicts: readonly Verdict[]): string[] {
  return verdicts.filter(({ state }) => state === 'failed').map(({ rule }) => rule.id);
}

describe('each fault is found by its rule', () => {
  let verdicts: readonly Verdict[];

  beforeAll(async () => {
    verdicts = await checkDriver(FaultyDriver, {
      driverInfo: { faulty_address: 'here', faulty_password: PASSWORD },
      unreachable: { faulty_address: 'nowhere' },
      grace: 200,
      runs: 10,
      exempt: { 'starts-again': 'another driver here breaks it' },
      examples: {
        shared_changes_nothing: { args: ({ host }) => ({ url: host.url }), fixed: { url: 'of the service' } },
        shared_while_locked: { args: ({ host }) => ({ url: host.url }), fixed: { url: 'of the service' } },
        abort_heeded: [{ args: GOOD }, ENDLESS],
        abort_rejects: [{ args: GOOD }, ENDLESS],
        abort_example: [{ args: GOOD }, ENDLESS],
        args_accepted: { args: GOOD },
        args_behaviour: { args: GOOD },
        args_in_query: { args: { id: '5' } },
        error_kinds: { args: GOOD },
        error_sentence: { args: GOOD },
        leak_in_errors: { fails: 'Conflict' },
      },
    });
  });

  it.each<[method: string, rules: string[]]>([
    ['example_sync', ['example-sync']],
    ['example_async', ['example-async']],
    ['result_json', ['result-json', 'error-unreachable']],
    ['result_as_declared', ['result-as-declared']],
    ['result_object', ['result-object', 'error-unreachable']],
    ['result_small', ['result-small']],
    ['attachment_typed', ['attachment-typed']],
    ['attachment_named', ['attachment-named']],
    ['progress_valid', ['progress-valid']],
    ['progress_of_long', ['progress-of-long']],
    ['task_over', ['task-over']],
    ['shared_uses_no_lock', ['shared-uses-no-lock', 'error-unreachable']],
    ['shared_changes_nothing', ['shared-changes-nothing', 'read-changes-nothing', 'error-unreachable']],
    ['read_changes_nothing', ['read-changes-nothing']],
    ['effect_of_get', ['effect-of-get', 'error-unreachable']],
    ['shared_while_locked', ['shared-while-locked', 'error-unreachable']],
    ['shared_at_once', ['shared-at-once', 'error-unreachable']],
    ['abort_heeded', ['abort-heeded']],
    ['abort_rejects', ['abort-rejects']],
    ['args_accepted', ['args-accepted']],
    ['args_behaviour', ['args-behaviour']],
    ['args_refused', ['args-refused', 'error-unreachable']],
    ['args_refused_first', ['args-refused-first']],
    ['args_refusal_names', ['args-refusal-names', 'error-unreachable']],
    ['args_in_query', ['args-in-query', 'error-unreachable']],
    ['error_kinds', ['error-kinds']],
    ['error_sentence', ['error-sentence']],
    ['leak_in_results', ['error-unreachable', 'secret-not-in-results']],
    ['leak_in_errors', ['secret-not-in-errors']],
    ['leak_in_progress', ['secret-not-in-progress']],
    ['leak_when_saved', ['secret-not-saved']],
    ['leak_in_listing', ['secret-not-listed']],
    ['leak_in_log', []],
    ['driver_method_without_node', ['example-sync', 'driver-method-without-node']],
  ])('of the method %s', (method, rules) => {
    expect(failuresOf(verdicts, `faulty.${method}`)).toEqual(rules);
  });

  it.each<[subject: string, rules: string[]]>([
    ['abort_example', ['abort-example']],
    ['faulty-hardware', ['validate-without-bmc', 'secret-not-logged']],
    ['faulty-hardware faulty_address', ['driver-info-required']],
    ['faulty-picky', ['driver-info-accepted', 'validate-without-bmc']],
  ])('of %s', (subject, rules) => {
    expect(failuresOf(verdicts, subject).filter((id) => !OF_THE_PACKAGE.includes(id))).toEqual(rules);
  });

  it('and no other rule fails', () => {
    const expected = new Set(
      verdicts.filter(({ findings }) => findings.length > 0).map(({ rule }) => rule.id),
    );
    expect(failedIn(verdicts)).toEqual([...expected]);
    const wrong = failedIn(verdicts).filter((id) => WITHOUT_A_FAULT.includes(id));
    expect(wrong).toEqual([]);
  });
});

describe('faults of start and stop', () => {
  it('are found in a driver that leaves something behind', async () => {
    try {
      const verdicts = await checkDriver(LingeringDriver, { unreachable: {}, grace: 500 });
      const failed = failedIn(verdicts).filter((id) => !OF_THE_PACKAGE.includes(id));
      expect(failed).toEqual(['starts-again', 'error-unreachable', 'stop-prompt', 'stop-clean']);
      const [clean] = verdicts.filter(({ rule }) => rule.id === 'stop-clean');
      expect(clean?.findings).toEqual([
        { subject: 'LingeringDriver', problem: expect.stringContaining('active Timeout') },
      ]);
    } finally {
      endLingering();
    }
  });

  it('leave the other rules unchecked when the service does not start', async () => {
    const verdicts = await checkDriver(OrphanDriver, {});
    const failed = verdicts.filter(({ state }) => state === 'failed');
    const [first] = failed.filter(({ rule }) => rule.id === 'module-starts');
    expect(first?.findings[0]?.problem).toMatch(/needs Lingering, which nothing provides/);
    expect(verdicts.find(({ rule }) => rule.id === 'example-sync')).toMatchObject({ state: 'unchecked' });
  });
});

describe('the options', () => {
  it('may name only rules that exist', async () => {
    await expect(checkDriver(OrphanDriver, { exempt: { 'no-such-rule': 'why' } })).rejects.toThrow(
      'There are no rules no-such-rule.',
    );
  });

  it('leave out the rules above a grade', async () => {
    const verdicts = await checkDriver(OrphanDriver, { grade: 'bronze' });
    const bronze = RULES.filter(({ grade }) => grade === 'bronze');
    expect(verdicts.map(({ rule }) => rule)).toEqual(bronze);
  });
});
