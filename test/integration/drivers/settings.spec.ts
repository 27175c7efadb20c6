import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { run } from '../../../src/cli/program.js';
import { ConfigError } from '../../../src/config/config-error.js';
import { type JobView } from '../../../src/jobs/record/job.view.js';
import { setUp } from '../../../src/setup.js';
import { startApp } from '../../support/app.js';
import { until } from '../../support/until.js';

const TUNED = {
  FERRULE_DRIVER_ROOT: resolve(import.meta.dirname, '../../fixtures'),
  FERRULE_ENABLED_HARDWARE_TYPES: 'tuned-hardware',
  FERRULE_TUNED_MIRROR_URL: 'https://mirror.example.org/',
};

async function problemsOf(env: NodeJS.ProcessEnv): Promise<readonly string[]> {
  try {
    await setUp(env);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}

async function ferrule(args: string[], env: NodeJS.ProcessEnv) {
  const out = { printed: '', complaints: '' };
  const code = await run(args, env, {
    print: (text) => (out.printed += text),
    complain: (text) => (out.complaints += text),
  });
  return { code, ...out };
}

describe('a driver package with settings', () => {
  it('gets its own and those of the service; secrets are masked in jobs and logs', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'ferrule-settings-'));
    writeFileSync(join(folder, 'token'), 'correct horse\n');
    const app = await startApp({
      ...TUNED,
      FERRULE_TUNED_TOKEN_FILE: join(folder, 'token'),
      FERRULE_TUNED_RETRIES: '5',
      FERRULE_BMC_NETWORKS: '10.0.0.0/8',
    });
    try {
      const answer = await app.http.get('/v1/drivers/tuned-hardware/vendor_passthru/settings');
      expect(answer.expect(200).json()).toEqual({
        mirrorUrl: 'https://mirror.example.org/',
        token: 'correct horse',
        retries: 5,
        bmcNetworks: ['10.0.0.0/8'],
      });
      const { headers } = await app.http.post('/v1/drivers/tuned-hardware/vendor_passthru/open', {});
      const show = async () => (await app.http.get(String(headers.location))).expect(200).json<JobView>();
      await until(async () => (await show()).state === 'failed');
      expect(await show()).toMatchObject({
        progress: { message: 'with ******' },
        progress_lines: [{ message: 'with ******' }],
        error: { message: expect.stringContaining('with ******') },
      });
      expect(app.log.text).toContain('with ******');
      expect(app.log.text).not.toContain('correct horse');
    } finally {
      await app.close();
      rmSync(folder, { recursive: true });
    }
  });

  it('does not start with invalid ones, and reports them with all other errors', async () => {
    const problems = await problemsOf({
      ...TUNED,
      FERRULE_ENABLED_HARDWARE_TYPES: 'tuned-hardware,nowhere,fake-hardwear',
      FERRULE_PORT: 'x',
      FERRULE_TUNED_MIRROR_URL: 'mirror',
      FERRULE_TUNED_TOKEN: 'hunter2',
      FERRULE_TUNED_RETRYS: '5',
    });
    expect(problems).toEqual([
      'FERRULE_TUNED_RETRYS is not a setting of Ferrule; did you mean FERRULE_TUNED_RETRIES?',
      "FERRULE_PORT must be a whole number, not 'x'",
      expect.stringMatching(/^FERRULE_TUNED_MIRROR_URL: .*, not 'mirror'$/),
      'FERRULE_TUNED_TOKEN must have 8 characters',
      expect.stringMatching(
        /^No installed package has the hardware types nowhere, fake-hardwear \(did you mean fake-hardware\?\)\./,
      ),
    ]);
  });

  it('names a required setting that is missing', async () => {
    expect(await problemsOf({ ...TUNED, FERRULE_TUNED_MIRROR_URL: '' })).toEqual([
      expect.stringMatching(/FERRULE_TUNED_MIRROR_URL must be set: Where the driver fetches firmware\.$/),
    ]);
  });

  it('has settings that are known but not read while it is not enabled', async () => {
    const { config } = await setUp({
      ...TUNED,
      FERRULE_ENABLED_HARDWARE_TYPES: 'fake-hardware',
      FERRULE_TUNED_MIRROR_URL: 'mirror',
    });
    expect(config.enabledHardwareTypes).toEqual(['fake-hardware']);
  });

  it('has settings that are unknown if it is not installed', async () => {
    const env = { FERRULE_TUNED_MIRROR_URL: 'https://mirror.example.org/' };
    expect(await problemsOf(env)).toContain('FERRULE_TUNED_MIRROR_URL is not a setting of Ferrule');
  });
});

describe('ferrule config with installed packages', () => {
  it('shows their settings, and hides the secrets', async () => {
    const shown = await ferrule(['config', '--show'], { ...TUNED, FERRULE_TUNED_TOKEN: 'correct horse' });
    expect(shown).toMatchObject({ code: 0, complaints: '' });
    expect(shown.printed.split('\n')).toEqual(
      expect.arrayContaining([
        'FERRULE_TUNED_MIRROR_URL=https://mirror.example.org/',
        'FERRULE_TUNED_TOKEN=(hidden)',
        '# FERRULE_TUNED_RETRIES=3',
        '# FERRULE_REDFISH_CA_DIR=',
      ]),
    );
  });

  it('refuses invalid settings of enabled packages', async () => {
    const { code, complaints } = await ferrule(['config', '--show'], {
      ...TUNED,
      FERRULE_TUNED_RETRIES: '10',
    });
    expect(code).toBe(1);
    expect(complaints).toContain('FERRULE_TUNED_RETRIES');
  });

  it('has rows for them in its table', async () => {
    const { printed } = await ferrule(['config', '--table'], TUNED);
    expect(printed).toContain('| `FERRULE_TUNED_TOKEN` |  | What opens the mirror. Never printed. |');
    expect(printed).toContain('| `FERRULE_TUNED_RETRIES` | `3` | How often it tries. |');
  });

  it('accepts them in other commands', async () => {
    expect(await ferrule(['drivers'], TUNED)).toMatchObject({ code: 0, complaints: '' });
  });
});
