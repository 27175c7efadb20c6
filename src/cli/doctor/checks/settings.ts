import { type Examination } from '../../../setup.js';
import { type Finding, ok, problem, warning } from '../finding.js';

const ADVICE = 'Correct the setting; "ferrule config --table" describes all.';

export function checkSettings({ settingWarnings, problems }: Examination, env: NodeJS.ProcessEnv): Finding[] {
  const number = Object.keys(env).filter((key) => key.startsWith('FERRULE_')).length;
  const found = [
    ...problems.map((text) => problem(sentence(text), ADVICE)),
    ...settingWarnings.map((text) => warning(sentence(text), ADVICE)),
  ];
  return found.length > 0 ? found : [ok(`${number} are set in this environment.`)];
}

function sentence(text: string): string {
  return text.endsWith('.') ? text : `${text}.`;
}
