import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { inRoot } from './paths.mjs';
import { run } from './run.mjs';

/** @param node the program, which what the tests start finds first, too */
export async function runJest(project, node = process.execPath) {
  const folder = mkdtempSync(join(tmpdir(), 'ferrule-jest-'));
  const report = join(folder, 'report.json');
  try {
    const code = await run(
      node,
      [
        inRoot('node_modules', 'jest', 'bin', 'jest.js'),
        '--selectProjects',
        project,
        '--passWithNoTests',
        '--watchman=false',
        `--maxWorkers=${workersFor(project)}`,
        '--json',
        `--outputFile=${report}`,
      ],
      {
        env: {
          ...process.env,
          PATH: [dirname(node), process.env.PATH].join(delimiter),
        },
      },
    );
    return { code, ...read(report) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Tests with processes mostly wait for them and for time limits, so they get more workers than cores. */
function workersFor(project) {
  const cores = availableParallelism();
  return ['integration', 'e2e'].includes(project) ? 2 * cores : cores;
}

function read(report) {
  try {
    const results = JSON.parse(readFileSync(report, 'utf8'));
    return {
      passed: results.numPassedTests,
      // A file that cannot be loaded has no failed test, but counts as a failure.
      failed: results.numFailedTests + results.numRuntimeErrorTestSuites,
      skipped: results.numPendingTests + results.numTodoTests,
      reasons: reasonsOf(results.testResults),
    };
  } catch {
    return { passed: 0, failed: 1, skipped: 0, reasons: [] };
  }
}

/** The reasons for skipping, from the titles. */
function reasonsOf(files) {
  return files
    .flatMap(({ assertionResults }) => assertionResults)
    .filter(({ status }) => status === 'pending')
    .map(({ fullName }) => /\[skipped: ([^\]]+)\]/.exec(fullName)?.[1] ?? 'no reason given');
}
