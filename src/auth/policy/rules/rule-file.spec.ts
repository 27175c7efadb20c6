import { FileProblem } from '../../../files/watched-file.js';
import { frozenCaller } from '../../caller.js';
import { type Catalogue } from './catalogue.js';
import { Policy } from '../policy.js';
import { rulesIn } from './rule-file.js';
import { type CalledMethod } from './rule.js';

const CATALOGUE: Catalogue = new Map([
  [
    'redfish',
    [
      { name: 'bios_get', arguments: [] },
      { name: 'bios_set', arguments: ['attributes'] },
      { name: 'update_firmware', arguments: ['image'] },
    ],
  ],
]);

const METHODS = {
  bios_get: { name: 'bios_get', isExclusive: false, effect: 'read' },
  bios_set: { name: 'bios_set', isExclusive: true, effect: 'change' },
  update_firmware: { name: 'update_firmware', isExclusive: true, effect: 'disruptive' },
} as const satisfies Record<string, CalledMethod>;

const system = (...roles: string[]) =>
  frozenCaller({
    id: 'token:ops',
    name: 'ops',
    projectId: null,
    roles,
    hasSystemScope: true,
    knownBy: 'token',
  });
const ofProject = (project: string, ...roles: string[]) =>
  frozenCaller({
    id: 'token:team',
    name: 'team',
    projectId: project,
    roles,
    hasSystemScope: false,
    knownBy: 'token',
  });

const ISSUE = `
rules:
  - name: readers-read
    decision: allow
    actions: baremetal:node:vendor_passthru
    personas: [system_reader, owner_reader]
    lock: shared
  - name: no-firmware
    decision: deny
    actions: baremetal:node:vendor_passthru
    roles: operator
    methods: update_firmware
  - name: harmless-settings
    decision: allow
    actions: baremetal:node:vendor_passthru
    roles: operator
    methods: bios_set
    arguments:
      attributes: { none_of: [SecureBoot, AdminPassword] }
  - name: no-other-settings
    decision: deny
    actions: baremetal:node:vendor_passthru
    roles: operator
    methods: bios_set
  - name: operators
    decision: allow
    actions: baremetal:node:vendor_passthru
    roles: operator
`;

function problemsOf(text: string): readonly string[] {
  try {
    rulesIn(text, CATALOGUE);
  } catch (error) {
    if (error instanceof FileProblem) return error.problems;
    throw error;
  }
  return [];
}

describe('the rules of a policy file', () => {
  const rules = rulesIn(ISSUE, CATALOGUE);
  const policy = new Policy(() => rules);
  const decide = (
    caller: ReturnType<typeof system>,
    method: keyof typeof METHODS,
    args = {},
    node: { owner: string | null; lessee: string | null } = { owner: null, lessee: null },
  ) => {
    const asked = { driver: 'redfish', method: METHODS[method], node };
    const { isAllowed, rule } = policy.rulesFor(caller, 'baremetal:node:vendor_passthru', asked).decide(args);
    return [isAllowed, rule];
  };

  it.each([
    ['a reader under a shared lock', system('reader'), 'bios_get', {}, true, 'readers-read'],
    ['a higher role, which is a reader, too', system('manager'), 'bios_get', {}, true, 'readers-read'],
    ['a reader under an exclusive lock', system('reader'), 'bios_set', {}, false, null],
    ['an operator', system('operator'), 'bios_get', {}, true, 'operators'],
    ['an operator and firmware', system('operator'), 'update_firmware', {}, false, 'no-firmware'],
    ['an admin, by default', system('admin'), 'update_firmware', {}, true, null],
    ['an admin of a project', ofProject('a', 'admin'), 'update_firmware', {}, false, null],
    [
      'an operator and settings',
      system('operator'),
      'bios_set',
      { attributes: { A: 1 } },
      true,
      'harmless-settings',
    ],
    [
      'a forbidden one',
      system('operator'),
      'bios_set',
      { attributes: { SecureBoot: 1 } },
      false,
      'no-other-settings',
    ],
    [
      'in another case',
      system('operator'),
      'bios_set',
      { attributes: { secureBOOT: 1 } },
      false,
      'no-other-settings',
    ],
    [
      'deep inside',
      system('operator'),
      'bios_set',
      { attributes: { A: { B: [{ SecureBoot: 1 }] } } },
      false,
      'no-other-settings',
    ],
    [
      'named by a value in a list',
      system('operator'),
      'bios_set',
      { attributes: [{ name: 'SecureBoot' }] },
      false,
      'no-other-settings',
    ],
    [
      'in a text',
      system('operator'),
      'bios_set',
      { attributes: 'A=1,SecureBoot=Off' },
      false,
      'no-other-settings',
    ],
    [
      'with a suffix',
      system('operator'),
      'bios_set',
      { attributes: { 'SecureBoot@x': 1 } },
      false,
      'no-other-settings',
    ],
    [
      'in an argument that differs in case',
      system('operator'),
      'bios_set',
      { attributes: {}, Attributes: { SecureBoot: 1 } },
      false,
      'no-other-settings',
    ],
    [
      'what cannot be looked into',
      system('operator'),
      'bios_set',
      { attributes: new Map([['SecureBoot', 1]]) },
      false,
      'harmless-settings',
    ],
    ['no attributes', system('operator'), 'bios_set', {}, true, 'harmless-settings'],
  ] as const)('decide about %s', (_, caller, method, args, isAllowed, rule) => {
    expect(decide(caller, method, args)).toEqual([isAllowed, rule]);
  });

  it('know the owner of a node', () => {
    const reader = ofProject('team-a', 'reader');
    expect(decide(reader, 'bios_get', {}, { owner: 'team-a', lessee: null })).toEqual([true, 'readers-read']);
    expect(decide(reader, 'bios_get', {}, { owner: 'team-b', lessee: 'team-a' })).toEqual([false, null]);
  });

  it('let a denial by arguments count as it is written and loosely', () => {
    const text = `
rules:
  - name: not-to-default
    decision: deny
    actions: baremetal:node:vendor_passthru
    methods: update_firmware
    arguments: { image: { any_of: [latest] } }
  - name: only-known
    decision: allow
    actions: baremetal:node:vendor_passthru
    methods: update_firmware
    arguments: { image: { only: [v1, 7] } }
`;
    const other = rulesIn(text, CATALOGUE);
    const asked = { driver: 'redfish', method: METHODS.update_firmware, node: null };
    const matching = new Policy(() => other).rulesFor(
      system('reader'),
      'baremetal:node:vendor_passthru',
      asked,
    );
    expect(matching.fixed).toBeUndefined();
    expect(matching.forAnyArguments).toMatchObject({ isAllowed: false, rule: 'not-to-default' });
    expect(matching.forSomeArguments).toMatchObject({ isAllowed: true, rule: 'only-known' });
    const found = ['v1', 'V1', 7, '7', 'LATEST', ' latest', ['v1', 'v2']].map(
      (image) => matching.decide({ image }).rule,
    );
    expect(found).toEqual([
      'only-known',
      null,
      'only-known',
      'only-known',
      'not-to-default',
      'not-to-default',
      null,
    ]);
  });

  it('are all told that are wrong, with their lines and what may be meant', () => {
    const text = `rules:
  - name: one
    decision: allow
    actions: [baremetal:node:vendor_passtru, baremetal:node:get]
    personas: sytem_reader
    methods: bios_sett
  - name: one
    decision: deny
    actions: baremetal:node:vendor_passthru
    drivers: redfsh
  - name: two
    decision: deny
    actions: baremetal:node:vendor_passthru
    arguments: { attribute: { none_of: x } }
`;
    expect(problemsOf(text)).toEqual([
      "line 4: rule 'one' names the unknown action 'baremetal:node:vendor_passtru' (did you mean baremetal:node:vendor_passthru?)",
      "line 5: rule 'one' names the unknown persona 'sytem_reader' (did you mean system_reader?)",
      "line 6: rule 'one' has methods, which is only for baremetal:node:vendor_passthru and baremetal:driver:vendor_passthru",
      "line 6: rule 'one' names the method 'bios_sett' (did you mean bios_set?), which no enabled driver has",
      "line 7: rule 'one' has the name of the rule in line 2",
      "line 10: rule 'one' names the driver 'redfsh' (did you mean redfish?), which is not enabled",
      "line 14: rule 'two' names the argument 'attribute' (did you mean attributes?), which its methods do not have",
    ]);
  });

  it('of callers match ids, whatever name a caller has', () => {
    const text = 'rules:\n  - {name: x, decision: allow, actions: ferrule:audit:get, callers: keystone:u1}\n';
    const decide = (id: string) => {
      const caller = frozenCaller({ ...system('reader'), id, name: 'keystone:u1', knownBy: 'keystone' });
      return rulesIn(text, CATALOGUE).decide(caller, 'ferrule:audit:get', 'none').isAllowed;
    };
    expect([decide('keystone:u1'), decide('keystone:u2'), decide('token:keystone:u1')]).toEqual([
      true,
      false,
      false,
    ]);
  });

  it.each([
    ['rules:\n  - name: x\n    name: y\n', [expect.stringMatching(/^line 3: Map keys must be unique/)]],
    [
      'rules:\n  - name: x\n    decision: maybe\n',
      ["line 3: decision must be 'allow' or 'deny'", 'line 2: actions must be a text, or a list of texts'],
    ],
    [
      'rules:\n  - name: x\n    decision: deny\n    actions: baremetal:node:get\n    action: y\n',
      ['line 5: action is not known here; did you mean actions?'],
    ],
    [
      'rules:\n  - name: x\n    decision: deny\n    actions: baremetal:*:vendor_passthru\n    arguments: { a: { any_of: [12345678901234567890] } }\n',
      [expect.stringMatching(/^line 5: arguments\.a\.any_of must be in quotes if it is so large/)],
    ],
    ['- x\n', [expect.stringMatching(/^line 1: /)]],
    [
      'rules:\n  - name: x\n    decision: deny\n    actions: baremetal:*\n    callers: []\n',
      ['line 5: callers must not be empty'],
    ],
    [
      'rules:\n  - name: x\n    decision: deny\n    actions: baremetal:*\n    callers: [token:a, ops]\n',
      [expect.stringMatching(/^line 5: callers must be keystone: and the id of a user/)],
    ],
    ['', ["line 1: it has no list of rules; if it shall have none, write 'rules: []'"]],
    ['# rules\n', [expect.stringContaining('no list of rules')]],
    ['rules:\n', [expect.stringContaining('no list of rules')]],
    ['rules: []\n', []],
  ])('of the file %j are refused', (text, problems) => {
    expect([...problemsOf(text)].sort()).toEqual([...problems].sort());
  });
});
