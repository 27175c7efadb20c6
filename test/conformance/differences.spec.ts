import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { DIFFERENCES } from './differences.js';

const README = resolve(import.meta.dirname, '../../README.md');
const HEADING = ['Difference', 'Ironic 21.4', 'Ferrule', 'Why'];

const table = [
  HEADING,
  HEADING.map(() => '---'),
  ...DIFFERENCES.map(({ name, ironic, ferrule, reason }) => [name, ironic, ferrule, reason]),
];

function documented(): string[][] {
  const lines = readFileSync(README, 'utf8').split('\n');
  const rest = lines.slice(lines.findIndex((line) => cells(line).join() === HEADING.join()) + 2);
  const end = rest.findIndex((line) => !line.startsWith('|'));
  return rest.slice(0, end).map(cells);
}

function cells(line: string): string[] {
  return line
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim());
}

describe('deliberate differences', () => {
  it('have unique names', () => {
    const names = DIFFERENCES.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
  });

  it('match the table in the README', () => {
    const expected = table.slice(2);
    const isDocumented = JSON.stringify(documented()) === JSON.stringify(expected);
    // Prints a table that can be copied into the README.
    if (!isDocumented) {
      throw new Error(`The table must be:\n${table.map((row) => `| ${row.join(' | ')} |`).join('\n')}`);
    }
  });
});
