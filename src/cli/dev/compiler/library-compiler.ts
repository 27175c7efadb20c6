import { join } from 'node:path';
import type typescript from 'typescript';
import { type Compiler, type CompilerEvents } from './compiler.js';

/** Milliseconds in which an editor writes a file in several steps; `tsc --watch` waits for 250. */
const SETTLING_MS = 50;

/** Compiles in this process. */
export function watchByLibrary(
  ts: typeof typescript,
  folder: string,
  { said, built }: CompilerEvents,
): Compiler {
  const system: typescript.System = {
    ...ts.sys,
    setTimeout: (callback: (...args: unknown[]) => void, ms: number, ...args: unknown[]) =>
      setTimeout(callback, Math.min(ms, SETTLING_MS), ...args),
  };
  const host = ts.createWatchCompilerHost(
    join(folder, 'tsconfig.json'),
    // With noEmitOnError, TypeScript 6 checks all files again; the files of a failed build are not loaded.
    { noEmitOnError: false },
    system,
    ts.createEmitAndSemanticDiagnosticsBuilderProgram,
    (diagnostic) => said(ts.formatDiagnostic(diagnostic, formatOf(ts)).trimEnd()),
    (_diagnostic, _newLine, _options, errors) => {
      if (errors !== undefined) built(errors > 0);
    },
  );
  const program = ts.createWatchProgram(host);
  return {
    writeAll: () => {
      program.getProgram().getProgram().emit();
      built(false);
    },
    stop: () => program.close(),
  };
}

function formatOf({ sys }: typeof typescript): typescript.FormatDiagnosticsHost {
  return {
    getCurrentDirectory: () => sys.getCurrentDirectory(),
    getCanonicalFileName: (name) => name,
    getNewLine: () => sys.newLine,
  };
}
