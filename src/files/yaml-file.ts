import { type Document, isMap, isNode, isScalar, LineCounter, parseDocument } from 'yaml';
import { FileProblem } from './watched-file.js';

/** Where a value is in the content of a file. */
export type Path = readonly PropertyKey[];

export interface Mistake {
  readonly path: Path;
  /** What is wrong with the value. */
  readonly text: string;
}

/** The content of a YAML file, and its lines. */
export class YamlFile {
  /** Null for a file that has none. */
  readonly content: unknown;
  private readonly lines = new LineCounter();
  private readonly document: Document;

  /**
   * @param isSecret whether problems must not repeat anything of the text.
   * @throws FileProblem if it is no YAML.
   */
  constructor(text: string, { isSecret = false }: { readonly isSecret?: boolean } = {}) {
    this.document = parseDocument(text, { lineCounter: this.lines, prettyErrors: false });
    const { errors } = this.document;
    if (errors.length > 0) {
      throw new FileProblem(
        errors.map(({ pos: [at], message, code }) => {
          const what = isSecret ? `it is not YAML (${code})` : message.replace(/\.?$/, '');
          return `line ${this.lineAt(at)}: ${what}`;
        }),
      );
    }
    this.content = contentOf(this.document);
  }

  /** Of the value at a path, or of the last one on the way to it that exists. */
  lineOf(path: Path): number {
    return this.lineAt(positionOf(this.document, path));
  }

  /** With all mistakes in the order of their lines. */
  problem(mistakes: readonly Mistake[]): FileProblem {
    const problems = mistakes.map(({ path, text }) => ({ line: this.lineOf(path), text }));
    problems.sort((a, b) => a.line - b.line);
    return new FileProblem(problems.map(({ line, text }) => `line ${line}: ${text}`));
  }

  private lineAt(position: number): number {
    return this.lines.linePos(position).line;
  }
}

/** @throws FileProblem for aliases that would make a small file a large value. */
export function contentOf(document: Document): unknown {
  try {
    return document.toJS();
  } catch {
    throw new FileProblem(['it has too many aliases, or aliases without an anchor']);
  }
}

function positionOf(document: Document, path: Path): number {
  for (let length = path.length; length > 0; length--) {
    const [above, last] = [path.slice(0, length - 1), path[length - 1]];
    const parent: unknown = document.getIn(above, true);
    if (isMap(parent)) {
      const pair = parent.items.find(({ key }) => isScalar(key) && key.value === last);
      if (pair && isNode(pair.key)) return pair.key.range?.[0] ?? 0;
    }
    const found: unknown = document.getIn(path.slice(0, length), true);
    if (isNode(found)) return found.range?.[0] ?? 0;
  }
  return 0;
}
