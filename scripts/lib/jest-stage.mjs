import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inRoot } from './paths.mjs';
import { runNode } from './run.mjs';

/** Runs one project of jest.config.mjs: its exit code, its counts, and why tests were skipped. */
export function runJest(project) {
  const folder = mkdtempSync(join(tmpdir(), 'ferrule-jest-'));
  const report = join(folder, 'report.json');
  try {
    const code = runNode(
      inRoot('node_modules', 'jest', 'bin', 'jest.js'),
      [
        '--selectProjects',
        project,
        '--passWithNoTests',
        '--watchman=false',
        // Much of a test is waiting for processes: all cores, where jest would leave one idle.
        '--maxWorkers=100%',
        '--json',
        `--outputFile=${report}`,
      ],
      { env: { ...process.env, NODE_OPTIONS: nodeOptions() } },
    );
    return { code, ...read(report) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** jest runs ES modules only with Node's experimental ones, whose warning nobody needs to read. */
function nodeOptions() {
  const own = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'];
  return [process.env.NODE_OPTIONS, ...own].filter(Boolean).join(' ');
}

function read(report) {
  try {
    const results = JSON.parse(readFileSync(report, 'utf8'));
    return {
      passed: results.numPassedTests,
      // A file that cannot even be loaded has no failed test and is no success.
      failed: results.numFailedTests + results.numRuntimeErrorTestSuites,
      skipped: results.numPendingTests + results.numTodoTests,
      reasons: reasonsOf(results.testResults),
    };
  } catch {
    return { passed: 0, failed: 1, skipped: 0, reasons: [] };
  }
}

/** What `test/support/require.ts` wrote into the titles of the tests that it skips. */
function reasonsOf(files) {
  return files
    .flatMap(({ assertionResults }) => assertionResults)
    .filter(({ status }) => status === 'pending')
    .map(({ fullName }) => /\[skipped: ([^\]]+)\]/.exec(fullName)?.[1] ?? 'no reason given');
}
