import { examplesOf } from '../trial/examples.js';
import { SNAKE, whyNoDescription } from './names.js';
import { eachMethod, type Finding, found, machine, type Rule } from './rule.js';

const LONGEST_DESCRIPTION = 500;
/** Milliseconds. */
const LONGEST_SYNC = 600_000;

/** What is declared of a method, and how it is listed. */
export const METHOD_RULES: readonly Rule[] = [
  machine(
    'method-named',
    'bronze',
    'Names of methods are snake_case.',
    eachMethod(({ name }) => (SNAKE.test(name) ? undefined : 'it is not like flash_firmware')),
  ),
  machine(
    'method-described',
    'bronze',
    'Methods have a description.',
    eachMethod(({ name, description }) => whyNoDescription(name, description)),
  ),
  machine(
    'method-description-brief',
    'gold',
    `Descriptions of methods begin with a capital, on one line of at most ${LONGEST_DESCRIPTION} characters.`,
    eachMethod(({ description }) => {
      if (!/^\P{Lowercase_Letter}/u.test(description))
        return `it begins otherwise: ${description.slice(0, 20)}`;
      if (description.includes('\n')) return 'it has several lines';
      return description.length > LONGEST_DESCRIPTION ? `it has ${description.length} characters` : undefined;
    }),
  ),
  machine('method-listed', 'bronze', 'The service lists every method as it is declared.', async (trial) => {
    const host = await trial.host();
    const findings: Finding[] = [];
    for (const owner of trial.subject.interfaces) {
      const node = await host.methods(await trial.nodeOf(owner));
      const driver = await host.driverMethods(owner.hardwareType, owner.name);
      findings.push(
        ...found(
          owner.methods,
          ({ id }) => id,
          (method) => {
            const listed = (method.scope === 'node' ? node : driver)[method.name];
            if (!listed) return 'it is not listed';
            const isSame =
              String(listed.http_methods) === String(method.http) &&
              listed.async === method.isAsync &&
              listed.attach === method.isAttachment &&
              listed.description === method.description &&
              JSON.stringify(listed.args) === JSON.stringify(method.schema);
            return isSame ? undefined : 'it is listed in another way than it was declared';
          },
        ),
      );
    }
    return findings;
  }),
  machine(
    'method-get-shared',
    'silver',
    'What may be called by GET reads under a shared lock.',
    eachMethod(({ http, isShared, scope }) =>
      scope === 'node' && http.includes('GET') && !isShared ? 'it has an exclusive lock' : undefined,
    ),
  ),
  machine(
    'effect-of-get',
    'silver',
    'What may be called by GET has the effect `read`.',
    eachMethod(({ http, effect }) =>
      http.includes('GET') && effect !== 'read'
        ? `its effect is ${effect}; declare \`effect: 'read'\` or leave out GET`
        : undefined,
    ),
  ),
  machine(
    'method-sync-short',
    'silver',
    `Synchronous methods take at most ${LONGEST_SYNC / 60_000} minutes; callers and proxies do not wait longer.`,
    eachMethod(({ isAsync, timeout }) =>
      !isAsync && timeout > LONGEST_SYNC ? `it may take ${timeout / 60_000} minutes` : undefined,
    ),
  ),
  machine(
    'method-same-everywhere',
    'silver',
    'Methods of one name in several vendor interfaces are called in the same way.',
    ({ subject }) => {
      const first = new Map<string, string>();
      return found(
        subject.methods,
        ({ id }) => id,
        ({ scope, name, id, http, isAsync, isAttachment }) => {
          const way = `${http.join(', ')}, ${isAsync ? 'async' : 'sync'}${isAttachment ? ', attachment' : ''}`;
          const before = first.get(`${scope} ${name}`) ?? `${way}|${id}`;
          first.set(`${scope} ${name}`, before);
          const [other, otherId] = before.split('|');
          return other === way ? undefined : `it is called by ${way}, and ${otherId} by ${other}`;
        },
      );
    },
  ),
  machine('method-example', 'silver', 'Every method has an example.', (trial) =>
    found(
      trial.subject.methods,
      ({ id }) => id,
      (method) => (examplesOf(trial, method).length > 0 ? undefined : 'it needs arguments, and has none'),
    ),
  ),
];
