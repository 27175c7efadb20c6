import { readFileSync } from 'node:fs';

interface Instruction {
  readonly keyword: string;
  readonly text: string;
}

/** What a Dockerfile says, for tests that run its steps without a container. */
export class Dockerfile {
  private readonly instructions: readonly Instruction[];

  constructor(file: string) {
    const lines = readFileSync(file, 'utf8')
      .replaceAll(/^#.*\n/gm, '')
      .replaceAll(/\\\n/g, '');
    this.instructions = [...lines.matchAll(/^([A-Z]+) +(.+)$/gm)].map(([, keyword = '', text = '']) => ({
      keyword,
      text,
    }));
  }

  /** Of all stages. */
  get commands(): readonly string[] {
    return this.textsOf('RUN');
  }

  get environment(): Readonly<Record<string, string>> {
    const pairs = this.textsOf('ENV').flatMap((text) => [...text.matchAll(/([A-Z_]+)=(\S+)/g)]);
    return Object.fromEntries(pairs.map(([, name = '', value = '']) => [name, value]));
  }

  /** The words of an instruction in the JSON form; with HEALTHCHECK that of its command. */
  words(keyword: 'ENTRYPOINT' | 'CMD' | 'HEALTHCHECK'): readonly string[] {
    const text = this.textsOf(keyword).at(-1) ?? '';
    return JSON.parse(text.slice(text.indexOf('['))) as string[];
  }

  private textsOf(keyword: string): readonly string[] {
    return this.instructions.filter((each) => each.keyword === keyword).map(({ text }) => text);
  }
}
