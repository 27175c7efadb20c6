import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Duration, type PassthruOptions, type PeriodicOptions } from '@ferrule/driver-kit';
import { milliseconds } from '@ferrule/driver-kit/plain';
import { RESERVED_ARGUMENTS } from '../../../src/drivers/methods/arguments.js';
import { PassthruMethod } from '../../../src/drivers/methods/passthru-method.js';
import { optionProblems, periodicProblems } from '../../../src/drivers/packages/checks/option-problems.js';
import { DEFAULT_TIMEOUT } from '../../../src/periodic/periodic-method.js';
import { README, ROOT } from '../../support/readme.js';

const PAGE = readFileSync(join(ROOT, 'docs/drivers/reference.md'), 'utf8');

/** Names and defaults of the options in a table of the page. */
function optionsOf(name: string): Map<string, string> {
  const [, table = ''] = PAGE.split(`<!-- options ${name} -->`);
  const rows = table.slice(0, table.indexOf('<!--')).matchAll(/^\| `(\w+)` \| `.*?` \| (.*?) \|/gm);
  return new Map([...rows].map(([, option = '', byDefault = '']) => [option, byDefault]));
}

/** A method with as few options as possible, and one that does not exist. */
function method(options: Partial<PassthruOptions>, scope: 'node' | 'driver' = 'node') {
  const required: PassthruOptions = { http: ['POST'], description: 'Does something.' };
  return { scope, key: 'doSomething', options: { ...required, ...options } };
}

describe('the reference of the kit', () => {
  const options = new Map(
    ['MethodOptions ValidateOption', 'PassthruOptions'].flatMap((name) => [...optionsOf(name)]),
  );
  const without = (names: readonly string[]) =>
    [...options.keys()].filter((option) => !names.includes(option)).sort();

  it.each<['node' | 'driver', string[]]>([
    ['node', []],
    ['driver', ['lock', 'rehearsal']],
  ])('names the options of a %s method', (scope, except) => {
    const misspelt = { descriptio: '' } as Partial<PassthruOptions>;
    const [problem = ''] = optionProblems(method(misspelt, scope));
    const [, known = ''] = /it may have (.*)$/.exec(problem) ?? [];
    expect(known.split(', ').sort()).toEqual(without(except));
  });

  it('has their defaults', () => {
    const posted = new PassthruMethod(method({}));
    const called = new PassthruMethod(method({ async: false }));
    const durations = [...(options.get('timeout') ?? '').matchAll(/`(\w+)`/g)].map(
      ([, text]) => text as Duration,
    );
    expect(Object.fromEntries(options)).toMatchObject({
      name: "the method's name in snake_case",
      async: `\`${posted.isAsync}\``,
      attach: `\`${posted.isAttachment}\``,
      lock: posted.isExclusive ? '`exclusive`' : '`shared`',
    });
    expect(posted.name).toBe('do_something');
    expect(durations.map(milliseconds)).toEqual([called.timeout, posted.timeout]);
  });

  it.each<[string, Partial<PassthruOptions>, 'node' | 'driver']>([
    ['read', { http: ['GET'], lock: 'shared' }, 'node'],
    ['read', { http: ['GET'] }, 'driver'],
    ['change', { http: ['GET'] }, 'node'],
    ['change', { http: ['GET', 'POST'], lock: 'shared' }, 'node'],
  ])('has the effect %s for %j of a %s method', (effect, given, scope) => {
    expect(new PassthruMethod(method(given, scope)).detail('').effect).toBe(effect);
    expect(options.get('effect')).toBe(
      '`read` for GET alone under a shared lock or without a node, otherwise `change`',
    );
  });

  it('has the reserved names of arguments, as the README', () => {
    const [sentence = ''] = /The names [^.]* are reserved/.exec(PAGE) ?? [];
    const [difference = ''] = /^\| reserved argument names .*$/m.exec(README) ?? [];
    for (const text of [sentence, difference]) {
      expect([...text.matchAll(/`(\w+)`/g)].map(([, name]) => name)).toEqual(RESERVED_ARGUMENTS);
    }
  });

  it('names the options of a periodic method, with its time limit', () => {
    const misspelt = { every: '5m', scope: 'node', evry: '' } as unknown as PeriodicOptions;
    const [problem = ''] = periodicProblems({ key: 'readHealth', options: misspelt });
    const [, known = ''] = /it may have (.*)$/.exec(problem) ?? [];
    expect([...optionsOf('PeriodicOptions').keys()]).toEqual(known.split(', '));
    expect(optionsOf('PeriodicOptions').get('timeout')).toBe(`\`${DEFAULT_TIMEOUT}\``);
  });
});
