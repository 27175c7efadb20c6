import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { type CommandResult, runCommand } from '../command.js';
import { modules, planted } from './planted.js';

const JEST = resolve(import.meta.dirname, '../../../node_modules/jest/bin/jest.js');

interface Report {
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly message: string;
    readonly assertionResults: readonly { readonly fullName: string; readonly status: string }[];
  }[];
}

describe('the runner of the tests', () => {
  let folder: string;
  let report: Report;
  let ended: CommandResult;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'ferrule-planted-'));
    const config = {
      testRunner: join(import.meta.dirname, 'runner.mjs'),
      testMatch: ['<rootDir>/*.spec.ts'],
    };
    writeFileSync(join(folder, 'jest.config.json'), JSON.stringify(config));
    for (const [name, text] of Object.entries(modules)) writeFileSync(join(folder, name), text);
    for (const [name, { text }] of Object.entries(planted))
      writeFileSync(join(folder, `${name}.spec.ts`), text.trim());
    // In one process, as the files of one worker are.
    const args = ['--runInBand', '--watchman=false', '--json', `--outputFile=${join(folder, 'report.json')}`];
    ended = await runCommand(
      process.execPath,
      [JEST, '--config', join(folder, 'jest.config.json'), ...args],
      {},
    );
    report = JSON.parse(readFileSync(join(folder, 'report.json'), 'utf8')) as Report;
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('fails', () => expect(ended.code).toBe(1));

  it.each(Object.entries(planted))('tells the outcome of each test: %s', (name, { outcomes, says = [] }) => {
    const file = report.testResults.find((found) => basename(found.name) === `${name}.spec.ts`);
    const found = file?.assertionResults.map(({ fullName, status }) => [fullName, status]) ?? [];
    expect(Object.fromEntries(found)).toEqual(outcomes);
    const message = stripVTControlCharacters(file?.message ?? '');
    for (const text of says) expect(message).toContain(text);
    const isFailed = Object.values(outcomes).includes('failed') || found.length === 0;
    expect(file?.status === 'failed').toBe(isFailed);
  });
});
