import { readFileSync } from 'node:fs';
import { inRoot } from './paths.mjs';

/**
 * What is wrong with the picture of the folders in the README: each stands in it once, and behind an arrow after all that
 * may import it.
 * @param {Record<string, readonly string[]>} mayImport
 */
export function readmeProblems(mayImport) {
  const [picture] = /(?<=```\n)cli → [^`]*/.exec(readFileSync(inRoot('README.md'), 'utf8')) ?? [''];
  const layers = picture.split('→').map((layer) => layer.split(/[·,\s]+/).filter((name) => name !== ''));
  const shown = layers.flat();
  const folders = Object.keys(mayImport);
  const layerOf = (folder) => layers.findIndex((layer) => layer.includes(folder));
  return [
    ...folders
      .filter((folder) => shown.filter((name) => name === folder).length !== 1)
      .map((folder) => `It must have ${folder} once.`),
    ...shown
      .filter((name) => !['cli', 'app.module', 'setup', ...folders].includes(name))
      .map((name) => `There is no folder ${name}.`),
    ...folders.flatMap((folder) =>
      mayImport[folder]
        .filter((allowed) => layerOf(allowed) <= layerOf(folder))
        .map((allowed) => `${folder} may import ${allowed}, which is not behind it.`),
    ),
  ];
}
