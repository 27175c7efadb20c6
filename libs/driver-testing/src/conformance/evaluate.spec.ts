import { machine, type Rule } from '../rules/rule.js';
import { type DriverCheckOptions } from '../subject/options.js';
import { Trial } from '../trial/trial.js';
import { evaluate } from './evaluate.js';

class Nothing {}

/** A rule that these break. */
const brokenBy = (...subjects: readonly string[]): Rule =>
  machine('a-rule', 'bronze', 'A rule.', () =>
    subjects.map((subject) => ({ subject, problem: 'it is wrong' })),
  );

const verdict = async (rule: Rule, exempt: NonNullable<DriverCheckOptions['exempt']>[string]) => {
  const { state, findings, reason } = await evaluate(
    new Trial(Nothing, { exempt: { 'a-rule': exempt } }),
    rule,
  );
  return { state, findings: findings.map(({ subject, problem }) => `${subject}: ${problem}`), reason };
};

const UNNEEDED = 'it is exempt, but keeps the rule: remove the exemption';

describe('an exemption', () => {
  it('from a whole rule holds while something breaks it', async () => {
    expect(await verdict(brokenBy('acme.status'), 'as in Ironic')).toEqual({
      state: 'exempt',
      findings: [],
      reason: 'as in Ironic',
    });
  });

  it('from a whole rule that is kept is reported', async () => {
    expect(await verdict(brokenBy(), 'as in Ironic')).toMatchObject({
      state: 'failed',
      findings: [`a-rule: ${UNNEEDED}`],
    });
  });

  it('of single methods holds for these', async () => {
    const rule = brokenBy('acme.status', 'acme.other.x', 'more.status');
    expect(await verdict(rule, { '*.status': 'why', 'acme.other*': 'why' })).toMatchObject({
      state: 'passed',
      findings: [],
    });
    expect(await verdict(rule, { '*.status': 'why' })).toMatchObject({
      state: 'failed',
      findings: ['acme.other.x: it is wrong'],
    });
  });

  it('of a method that keeps the rule is reported', async () => {
    expect(
      await verdict(brokenBy('acme.status'), { 'acme.status': 'why', 'acme.gone': 'why' }),
    ).toMatchObject({
      state: 'failed',
      findings: [`acme.gone: ${UNNEEDED}`],
    });
  });
});
