import { type Variable } from './environment.js';
import { readVariable } from './read-variable.js';

const HIDDEN = '(hidden)';

export function showConfig(env: NodeJS.ProcessEnv, variables: readonly Variable[]): string {
  return variables.map((variable) => line(variable, env)).join('\n');
}

function line({ key, secret, value: fallback }: Variable, env: NodeJS.ProcessEnv): string {
  const reading = readVariable(env, key);
  const value = 'value' in reading ? reading.value : undefined;
  if (value === undefined) return `# ${key}=${fallback ?? ''}`;
  return `${key}=${secret === true ? HIDDEN : value}`;
}

/** All kinds of interfaces share two rows. */
export function configTable(variables: readonly Variable[]): string {
  const rows = variables.filter(({ path }) => path.length === 1 || path[1] === 'vendor').map(row);
  return ['| variable | default | what it sets |', '|---|---|---|', ...rows].join('\n');
}

function row({ key, path, description, secret, ...setting }: Variable): string {
  const name = path.length === 1 ? key : key.replace('VENDOR', '<KIND>');
  const notes = [description, ...(secret === true ? ['Never printed.'] : [])].join(' ');
  return `| \`${name}\` | ${shownDefault(setting)} | ${notes.replaceAll('|', '\\|')} |`;
}

function shownDefault({ default: shown = '', value }: Pick<Variable, 'default' | 'value'>): string {
  return shown === value && shown !== '' ? `\`${shown}\`` : shown;
}
