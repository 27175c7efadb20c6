// The process of the compiler: it ends when its parent does, also when that is killed. Started in the package's folder.
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type typescript from 'typescript';
import { type Compiler, type CompilerEvents, type CompilerMessage, type CompilerOrder } from './compiler.js';
import { watchByCommand } from './command-compiler.js';
import { watchByLibrary } from './library-compiler.js';

const folder = process.cwd();
const load = createRequire(join(folder, 'package.json'));
const tell = (message: CompilerMessage): void => {
  if (process.connected) process.send?.(message);
};
const events: CompilerEvents = {
  said: (text) => tell({ said: text }),
  built: (hasErrors) => tell({ built: { hasErrors } }),
};
const compiler = watch();
process.on('message', (order: CompilerOrder) => {
  if (order === 'write all') compiler.writeAll();
});
process.once('disconnect', () => {
  compiler.stop();
  process.exit();
});

function watch(): Compiler {
  const library = load('typescript') as Partial<typeof typescript>;
  // TypeScript 7 is a program that cannot be called as a library.
  return isLibrary(library)
    ? watchByLibrary(library, folder, events)
    : watchByCommand(load.resolve('typescript/package.json'), events);
}

function isLibrary(library: Partial<typeof typescript>): library is typeof typescript {
  return library.createWatchProgram !== undefined;
}
