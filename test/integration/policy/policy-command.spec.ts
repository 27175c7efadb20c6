import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '../../../src/cli/program.js';
import { ACTION_NAMES } from '../../../src/auth/policy/defaults/actions.js';
import { block, ROOT } from '../../support/readme.js';
import { rulesIn } from '../../../src/auth/policy/rules/rule-file.js';

const RULES = `
rules:
  # Of the night shift.
  - name: no-jobs
    decision: deny
    actions: ferrule:job:get
    roles: night
  - name: readers-read
    decision: allow
    actions: baremetal:node:vendor_passthru
    personas: [system_reader, owner_reader]
    lock: shared
    effects: read
  - name: short
    decision: allow
    actions: baremetal:node:vendor_passthru
    callers: token:night
    methods: report_progress
    arguments: { steps: { none_of: [4] } }
`;

const CALLERS = `
callers:
  - { name: night, token: 'sha256:${'0'.repeat(64)}', roles: [night, reader], project: team-a }
  - { name: twin, token: 'sha256:${'1'.repeat(64)}', roles: [reader], system: true }
`;

describe('ferrule policy', () => {
  let folder: string;
  let env: NodeJS.ProcessEnv;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'ferrule-policy-'));
    const file = (name: string, text: string): string => {
      writeFileSync(join(folder, name), text);
      return join(folder, name);
    };
    env = {
      FERRULE_ENABLED_HARDWARE_TYPES: 'fake-hardware',
      FERRULE_POLICY: file('policy.yaml', RULES),
      FERRULE_CALLERS: file('callers.yaml', CALLERS),
      FERRULE_HTPASSWD: file('htpasswd', `twin:$2b$10$${'a'.repeat(53)}\n`),
    };
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const policy = (...args: string[]) => policyWith({}, ...args);

  async function policyWith(changes: NodeJS.ProcessEnv, ...args: string[]) {
    const printed: string[] = [];
    const complaints: string[] = [];
    const out = {
      print: (text: string) => printed.push(text),
      complain: (text: string) => complaints.push(text),
    };
    const code = await run(['policy', ...args], { ...env, ...changes }, out);
    return { code, lines: printed.join('\n').split('\n'), complaints: complaints.join('\n') };
  }
  const check = (...args: string[]) => policy('check', '--driver', 'fake-hardware', ...args);
  const progress = (steps: number) =>
    check(
      '--caller',
      'night',
      '--owner',
      'team-a',
      '--method',
      'report_progress',
      '--args',
      `{"steps":${steps}}`,
    );

  it('check explains by which rule a call is allowed, and why those before it do not match', async () => {
    expect(await progress(3)).toEqual({
      code: 0,
      complaints: '',
      lines: [
        "Rule 'no-jobs' (line 4) does not match: it is for other actions.",
        "Rule 'readers-read' (line 8) does not match: it is for methods with a shared lock.",
        "baremetal:node:vendor_passthru is allowed by the rule 'short' (line 14).",
        'The caller is project_reader, owner_reader, anyone; it has the roles night, reader.',
      ],
    });
  });

  it('check names the condition that is not fulfilled, and the default', async () => {
    const { code, lines } = await progress(4);
    expect(code).toBe(1);
    expect(lines.slice(2, 4)).toEqual([
      "Rule 'short' (line 14) does not match: its condition none_of for the argument steps is not fulfilled by '4'.",
      'baremetal:node:vendor_passthru is denied by default: it is for system_admin.',
    ]);
  });

  it('check does not print values of arguments that the method declares secret', async () => {
    const file = join(folder, 'bios.yaml');
    writeFileSync(
      file,
      `rules:
  - name: settings
    decision: allow
    actions: baremetal:node:vendor_passthru
    methods: bios_set
    arguments: { attributes: { none_of: [SETUP001] } }
`,
    );
    const { code, lines, complaints } = await policyWith(
      { FERRULE_POLICY: file, FERRULE_ENABLED_HARDWARE_TYPES: 'redfish' },
      ...['check', '--driver', 'redfish', '--method', 'bios_set'],
      ...['--caller', 'token:twin', '--args', '{"attributes":{"SETUP001":"hidden-pin"}}'],
    );
    expect({ code, lines, complaints }).toMatchObject({
      code: 1,
      complaints: '',
      lines: expect.arrayContaining([
        expect.stringMatching(/for the argument attributes is not fulfilled\.$/),
      ]),
    });
    expect(lines.join('')).not.toContain('hidden-pin');
  });

  it('check says that a node which the caller may not see is answered with 404', async () => {
    const { code, lines } = await check('--role', 'reader', '--project', 'team-z', '--method', 'echo');
    expect(code).toBe(1);
    expect(lines.at(-1)).toBe('The caller may not see the node (baremetal:node:get): the answer is 404.');
  });

  it('check explains actions that are no calls, as JSON, too', async () => {
    const asked = ['check', '--action', 'ferrule:job:get', '--caller', 'night', '--owner', 'team-a'];
    const { code, lines } = await policy(...asked, '--json');
    expect(code).toBe(1);
    expect(JSON.parse(lines.join(''))).toEqual({
      allowed: false,
      action: 'ferrule:job:get',
      rule: 'no-jobs',
      line: 4,
      is_doubtful: false,
      is_visible: true,
      roles: ['night', 'reader'],
      personas: ['project_reader', 'owner_reader', 'anyone'],
      passed: [],
    });
    expect(
      await policy('check', '--action', 'ferrule:audit:get', '--role', 'admin', '--system'),
    ).toMatchObject({
      code: 0,
    });
  });

  it.each([
    [[], /either --caller, or --role/],
    [['--role', 'admin'], /where the roles of --role hold: --system .* or --project/],
    [['--system'], /at least one --role/],
    [['--role', 'admin', '--system', '--project', 'x'], /either --system or --project/],
    [['--caller', 'nigth'], /no caller 'nigth'/],
    [['--caller', 'twin'], /several callers 'twin': token:twin, http_basic:twin/],
    [['--role', 'admin', '--system'], /Give --driver and --method/],
    [
      ['--role', 'admin', '--system', '--method', 'echo', '--driver', 'redfish'],
      /'redfish' is not enabled; enabled: fake-hardware/,
    ],
    [
      ['--role', 'admin', '--system', '--method', 'ecco', '--driver', 'fake-hardware'],
      /no method 'ecco'.* echo/,
    ],
    [['--role', 'admin', '--system', '--action', 'baremetal:node:gt'], /did you mean baremetal:node:get\?/],
    [['--role', 'admin', '--system', '--action', 'baremetal:node:list', '--owner', 'x'], /not on a node/],
    [['--role', 'admin', '--system', '--action', 'baremetal:node:get', '--method', 'x'], /not a call/],
    [
      ['--caller', 'night', '--method', 'report_progress', '--driver', 'fake-hardware', '--args', '[]'],
      /--args must be a JSON object, for example '\{"name": "value"\}'/,
    ],
    [
      [
        '--caller',
        'night',
        '--method',
        'report_progress',
        '--driver',
        'fake-hardware',
        '--args',
        '{"steps":"x"}',
      ],
      /steps/,
    ],
    [['--caller', 'keystone:0f3c', '--action', 'baremetal:node:get'], /Only Keystone knows/],
    [['--colour'], /unknown option/],
  ])('check ends with 2 for %j', async (args, complaints) => {
    expect(await policy('check', ...args)).toEqual({
      code: 2,
      lines: [''],
      complaints: expect.stringMatching(complaints),
    });
  });

  it.each([
    ['--caller', 'token:twin'],
    ['--caller', 'http_basic:twin'],
    ['--caller', 'keystone:0f3c', '--role', 'reader', '--system'],
  ])('check takes the id of a caller: %s %s', async (...who) => {
    expect(await policy('check', '--action', 'baremetal:node:get', ...who)).toMatchObject({
      code: 0,
      complaints: '',
    });
  });

  describe('check --file', () => {
    const checkFile = (text: string, ...args: string[]) => {
      writeFileSync(join(folder, 'cases.yaml'), text);
      return policy('check', '--file', join(folder, 'cases.yaml'), ...args);
    };
    const CASES = `
# Of the night shift.
- { caller: night, owner: team-a, driver: fake-hardware, method: report_progress, args: { steps: 3 }, expect: allow }
- { caller: night, owner: team-a, driver: fake-hardware, method: report_progress, args: { steps: 4 }, expect: deny }
- role: [reader]
  project: team-z
  driver: fake-hardware
  method: echo
  expect: deny
- { role: admin, system: true, action: ferrule:audit:get }
`;
    const LINES = [
      "ok   line 3: report_progress by night is allowed by the rule 'short' (line 14).",
      'ok   line 4: report_progress by night is denied by default: it is for system_admin.',
      'ok   line 5: echo by reader is denied by default: it is for system_admin.',
      'yes  line 10: ferrule:audit:get by admin is allowed by default: it is for system_admin.',
    ];

    it('prints a line for each case, and ends with 0 if all are as expected', async () => {
      expect(await checkFile(CASES)).toEqual({ code: 0, lines: LINES, complaints: '' });
    });

    it('ends with 1 if one is not', async () => {
      const { code, lines } = await checkFile(CASES.replace('{ steps: 3 }', '{ steps: 4 }'));
      expect(code).toBe(1);
      expect(lines).toEqual([
        'FAIL line 3: report_progress by night is denied by default: it is for system_admin. Expected: allow.',
        ...LINES.slice(1),
      ]);
    });

    it('takes lines of JSON, prints such, and tells that a node is not visible', async () => {
      const rules =
        'rules: [{ name: all, decision: allow, actions: baremetal:node:vendor_passthru, roles: ops }]';
      writeFileSync(join(folder, 'ops.yaml'), rules);
      const before = env;
      env = { ...env, FERRULE_POLICY: join(folder, 'ops.yaml') };
      try {
        const asked = { role: 'ops', system: true, driver: 'fake-hardware', method: 'echo' };
        const cases = `${JSON.stringify({ ...asked, expect: 'allow' })}\n\n${JSON.stringify(asked)}\n`;
        const { code, lines } = await checkFile(cases, '--json');
        expect(code).toBe(1);
        expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([
          expect.objectContaining({ line: 1, expected: 'allow', as_expected: false, allowed: false }),
          expect.objectContaining({ line: 3, expected: null, as_expected: true, rule: 'all', rule_line: 1 }),
        ]);
        expect((await checkFile(cases)).lines).toEqual([
          'FAIL line 1: echo by ops is answered with 404: the caller may not see the node. Expected: allow.',
          'no   line 3: echo by ops is answered with 404: the caller may not see the node.',
        ]);
      } finally {
        env = before;
      }
    });

    it('ends with 2 if nothing can be said of a case, and answers the others', async () => {
      const { code, lines, complaints } = await checkFile(
        CASES.replace('caller: night', 'caller: day').replace('steps: 4', 'steps: many'),
      );
      expect([code, lines]).toEqual([2, LINES.slice(2)]);
      expect(complaints).toMatch(/cases\.yaml, line 3: There is no caller 'day'.*\n.*line 4: .*steps/);
    });

    it.each([
      ['', /cases\.yaml: line 1: it must be a list of cases/],
      [
        '- { calller: x }\n- { expect: yes, system: maybe }\n',
        /line 1: calller is not known here; did you mean caller\?; line 2: system must be true or false; line 2: expect must be 'allow' or 'deny'/,
      ],
      ['- [', /cases\.yaml: line 1: /],
      ['{"caller": "x"}\n{"caller": \n', /line 2: it is not JSON/],
      ['{"caller": 7, "args": "x"}', /line 1: caller must be a text; line 1: args must be an object/],
    ])('refuses the file %j', async (text, complaints) => {
      expect(await checkFile(text)).toEqual({
        code: 2,
        lines: [''],
        complaints: expect.stringMatching(complaints),
      });
    });

    it('prints what the documentation shows for its rules and its cases', async () => {
      const page = readFileSync(join(ROOT, 'docs/operating.md'), 'utf8');
      writeFileSync(join(folder, 'shown.yaml'), block('Policy', 'yaml', 0, page));
      const before = env;
      env = {
        ...env,
        FERRULE_POLICY: join(folder, 'shown.yaml'),
        FERRULE_ENABLED_HARDWARE_TYPES: 'redfish',
      };
      try {
        const { lines } = await checkFile(block('Policy', 'yaml', 1, page));
        const [, ...printed] = block('Policy', 'console', 1, page).trimEnd().split('\n');
        expect(printed).toHaveLength(3);
        expect(lines).toEqual(printed);
      } finally {
        env = before;
      }
    });

    it('takes no question beside the file', async () => {
      expect((await checkFile(CASES, '--caller', 'night')).complaints).toContain('leave --caller out');
      expect((await policy('check', '--file', join(folder, 'none.yaml'))).complaints).toContain('none.yaml');
    });
  });

  it('check ends with 2 if the service would not start', async () => {
    env = { ...env, FERRULE_PORT: 'x' };
    try {
      expect(await policy('check', '--role', 'admin', '--system')).toMatchObject({
        code: 2,
        complaints: expect.stringContaining('FERRULE_PORT must be'),
      });
    } finally {
      delete env['FERRULE_PORT'];
    }
  });

  it('show prints a file with the same rules and the defaults behind them', async () => {
    const { code, lines } = await policy('show');
    expect(code).toBe(0);
    expect(lines).toContain('  # Of the night shift.');
    const names = rulesIn(lines.join('\n'), new Map()).list.map(({ name }) => name);
    expect(names.slice(0, 4)).toEqual([
      'no-jobs',
      'readers-read',
      'short',
      'default of baremetal:node:create',
    ]);
    for (const action of ACTION_NAMES) expect(names).toContain(`default of ${action}`);
  });

  it('has a rule for auditors in the documentation, who read the audit alone', async () => {
    const docs = readFileSync(join(ROOT, 'docs/operating.md'), 'utf8');
    const [, rules = ''] = /```yaml\n(rules:\n {2}- name: auditors\n.*?)```/s.exec(docs) ?? [];
    const before = env;
    writeFileSync(join(folder, 'auditors.yaml'), rules);
    env = { ...env, FERRULE_POLICY: join(folder, 'auditors.yaml') };
    try {
      const may = async (action: string) =>
        (await policy('check', '--role', 'auditor', '--system', '--action', action)).code;
      expect([await may('ferrule:audit:get'), await may('baremetal:node:list')]).toEqual([0, 1]);
    } finally {
      env = before;
    }
  });
});
