// `npm run depcheck`: checks which folders may import which, and the picture of them in the README. Each rule must first
// fail on a planted violation.
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { cruise } from 'dependency-cruiser';
import extractTSConfig from 'dependency-cruiser/config-utl/extract-ts-config';
import config, { MAY_IMPORT } from '../.dependency-cruiser.mjs';
import { PLANTS } from './lib/depcheck-plants.mjs';
import { inRoot, ROOT } from './lib/paths.mjs';
import { readmeProblems } from './lib/readme-layers.mjs';

async function violations(folder) {
  const { forbidden, options } = config;
  const { tsConfig, enhancedResolveOptions, ...rest } = options;
  const before = process.cwd();
  process.chdir(folder);
  try {
    const places = ['src', ...list('libs').map((name) => `libs/${name}/src`)].filter(
      (path) => list(path).length > 0,
    );
    const { output } = await cruise(
      places,
      { ...rest, validate: true, ruleSet: { forbidden }, baseDir: folder },
      { ...enhancedResolveOptions, bustTheCache: true },
      { tsConfig: extractTSConfig(inRoot(tsConfig.fileName)) },
    );
    return output.summary;
  } finally {
    process.chdir(before);
  }
}

function list(folder) {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function plant(files) {
  const folder = mkdtempSync(join(tmpdir(), 'ferrule-depcheck-'));
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  writeFileSync(
    join(folder, 'package.json'),
    JSON.stringify({ dependencies: { '@nestjs/common': '*' }, devDependencies: { jest: '*' } }),
  );
  mkdirSync(join(folder, 'node_modules', '@ferrule'), { recursive: true });
  for (const name of ['@nestjs', 'jest'])
    symlinkSync(inRoot('node_modules', name), join(folder, 'node_modules', name));
  for (const name of readdirSync(existing(folder, 'libs'))) {
    symlinkSync(join(folder, 'libs', name), join(folder, 'node_modules', '@ferrule', name));
  }
  return folder;
}

function existing(folder, name) {
  mkdirSync(join(folder, name), { recursive: true });
  return join(folder, name);
}

async function blindRules() {
  const blind = [];
  for (const { name } of config.forbidden) {
    const folder = plant(PLANTS[name] ?? {});
    try {
      const found = (await violations(folder)).violations.map(({ rule }) => rule.name);
      if (!found.includes(name)) blind.push(name);
    } finally {
      rmSync(folder, { recursive: true });
    }
  }
  return blind;
}

const blind = await blindRules();
if (blind.length > 0) {
  console.error(`The dependency check does not see a violation planted for: ${blind.join(', ')}.`);
  process.exit(1);
}

const problems = readmeProblems(MAY_IMPORT);
for (const problem of problems) console.error(`The picture of the folders in README.md: ${problem}`);

const summary = await violations(ROOT);
for (const { rule, from, to, cycle } of summary.violations) {
  const way = cycle === undefined ? to : cycle.map(({ name }) => name).join(' → ');
  const { comment = '' } = config.forbidden.find(({ name }) => name === rule.name) ?? {};
  console.error(`${rule.name}: ${from} → ${way}\n    ${comment}`);
}
const rules = config.forbidden.length;
console.log(
  `${summary.violations.length} violations in ${summary.totalCruised} modules; each of the ${rules} rules failed on its planted violation.`,
);
process.exit(summary.violations.length + problems.length === 0 ? 0 : 1);
