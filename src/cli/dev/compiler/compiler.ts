/** Events of a compiler that watches a package. */
export interface CompilerEvents {
  /** A message about the sources. */
  readonly said: (text: string) => void;
  /** All files are checked and written. */
  readonly built: (hasErrors: boolean) => void;
}

/** Compiles a package whenever its sources change. */
export interface Compiler {
  /** Writes all files again, also those whose sources have not changed. */
  writeAll(): void;
  stop(): void;
}

/** Sent by the process of the compiler. */
export type CompilerMessage = { readonly said: string } | { readonly built: { readonly hasErrors: boolean } };

/** Sent to it. */
export type CompilerOrder = 'write all';
