import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

export const ROOT = resolve(import.meta.dirname, '../..');
export const README = readFileSync(join(ROOT, 'README.md'), 'utf8');

/** The code block of that language, counted from 0, below a heading. */
export function block(heading: string, language: string, place = 0, text = README): string {
  const section = text.slice(text.indexOf(`## ${heading}`));
  const blocks = section.matchAll(new RegExp(`\`\`\`${language}\n([\\s\\S]*?)\`\`\``, 'g'));
  const found = [...blocks][place]?.[1];
  if (found === undefined) throw new Error(`The README has no ${language} block below '${heading}'.`);
  return found;
}
