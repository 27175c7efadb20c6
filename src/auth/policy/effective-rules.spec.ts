import { frozenCaller } from '../caller.js';
import { ACTION_NAMES } from './defaults/actions.js';
import { effectiveRules } from './effective-rules.js';
import { RELATIONS } from './defaults/personas.js';
import { rulesIn } from './rules/rule-file.js';
import { type Rules } from './rules/rules.js';

const RULES = `rules:
  - { name: one, decision: deny, actions: 'baremetal:node:*', roles: night }
`;

const CALLERS = ['reader', 'member', 'manager', 'admin', 'service', 'night'].flatMap((role) =>
  [null, 'team'].map((projectId) =>
    frozenCaller({
      id: null,
      name: null,
      projectId,
      roles: [role],
      hasSystemScope: projectId === null,
      knownBy: 'token',
    }),
  ),
);

function decisions(rules: Rules): boolean[] {
  return CALLERS.flatMap((caller) =>
    ACTION_NAMES.flatMap((action) =>
      RELATIONS.map((relation) => rules.decide(caller, action, relation).isAllowed),
    ),
  );
}

describe('the effective rules', () => {
  it.each(['', 'rules: []\n', RULES])('decide as the file %j', (text) => {
    const shown = rulesIn(effectiveRules(text), new Map());
    const file = rulesIn(text || 'rules: []', new Map());
    expect(shown.list.length).toBe(file.list.length + ACTION_NAMES.length);
    expect(decisions(shown)).toEqual(decisions(file));
  });

  it('keep the comments of the file', () => {
    expect(effectiveRules(`# of mine\n${RULES}`)).toContain('# of mine');
  });
});
