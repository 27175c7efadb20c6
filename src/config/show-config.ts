import { type Variable, VARIABLES } from './environment.js';
import { readVariable } from './read-variable.js';

const HIDDEN = '(hidden)';

/** Every setting as a line `KEY=value`, the defaults as comments, the secrets hidden. */
export function showConfig(env: NodeJS.ProcessEnv): string {
  return VARIABLES.map((variable) => line(variable, env)).join('\n');
}

function line({ key, secret, value: fallback }: Variable, env: NodeJS.ProcessEnv): string {
  const reading = readVariable(env, key);
  const value = 'value' in reading ? reading.value : undefined;
  if (value === undefined) return `# ${key}=${fallback ?? ''}`;
  return `${key}=${secret === true ? HIDDEN : value}`;
}

/** The settings as a table in Markdown; the kinds of interfaces share two rows. */
export function configTable(): string {
  const rows = VARIABLES.filter(({ path }) => path.length === 1 || path[1] === 'vendor').map((variable) => {
    const key = variable.path.length === 1 ? variable.key : variable.key.replace('VENDOR', '<KIND>');
    const notes = variable.secret === true ? `${variable.description} Never printed.` : variable.description;
    return `| \`${key}\` | ${variable.default === undefined ? '' : cell(variable.default)} | ${notes} |`;
  });
  return ['| variable | default | what it sets |', '|---|---|---|', ...rows].join('\n');
}

/** Words are words, and values are code. */
function cell(value: string): string {
  return /^[\w.:/-]+$/.test(value) && value !== 'none' ? `\`${value}\`` : value;
}
