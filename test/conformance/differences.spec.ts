import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { DIFFERENCES } from './differences.js';

const ROOT = resolve(import.meta.dirname, '../..');
const HEADING = ['Difference', 'Ironic 21.4', 'Ferrule', 'Why'];

const table = [
  HEADING,
  HEADING.map(() => '---'),
  ...DIFFERENCES.map(({ name, ironic, ferrule, reason }) => [name, ironic, ferrule, reason]),
];

/** The README's table, or the page that stands in for it. */
function documented(): string[][] {
  const pages = ['README.md', 'test/conformance/DIFFERENCES.md'].map((page) => resolve(ROOT, page));
  const texts = pages.filter((page) => existsSync(page)).map((page) => readFileSync(page, 'utf8'));
  const lines = texts.find((text) => text.includes('Ironic 21.4'))?.split('\n') ?? [];
  const start = lines.findIndex((line) => cells(line).join() === HEADING.join());
  const rest = lines.slice(start + 2);
  const end = rest.findIndex((line) => !line.startsWith('|'));
  return rest.slice(0, end < 0 ? rest.length : end).map(cells);
}

function cells(line: string): string[] {
  return line
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim());
}

describe('deliberate differences', () => {
  it('have names of their own', () => {
    const names = DIFFERENCES.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
  });

  it('are documented as they are', () => {
    const expected = table.slice(2);
    const isDocumented = JSON.stringify(documented()) === JSON.stringify(expected);
    // A table can be copied from here; a difference of two lists of lists could not.
    if (!isDocumented) {
      throw new Error(`The table has to be:\n${table.map((row) => `| ${row.join(' | ')} |`).join('\n')}`);
    }
  });
});
