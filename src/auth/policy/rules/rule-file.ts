import { schemaMistakes, type Wording } from '../../../files/schema-mistakes.js';
import { YamlFile } from '../../../files/yaml-file.js';
import { COMPARISONS } from '../arguments/argument-condition.js';
import { type Catalogue } from './catalogue.js';
import { ruleMistakes } from './rule-mistakes.js';
import { fileSchema, RULE_MEMBERS } from './rule-schema.js';
import { Rules } from './rules.js';
import { ruleOf } from './written-rule.js';

const WORDING: Wording = {
  membersAt: ({ length }) => (length === 0 ? ['rules'] : length === 2 ? RULE_MEMBERS : COMPARISONS),
  // `rules` and the place in the list.
  told: 2,
};

/**
 * Reads the rules of a policy file.
 * @param catalogue the methods of the enabled drivers.
 * @param serviceProject FERRULE_SERVICE_PROJECT
 * @throws FileProblem with all that is wrong, each with its line.
 */
export function rulesIn(text: string, catalogue: Catalogue, serviceProject?: string): Rules {
  const file = new YamlFile(text);
  const parsed = fileSchema.safeParse(file.content ?? { rules: null });
  if (!parsed.success) throw file.problem(schemaMistakes(parsed.error, WORDING));
  const { rules } = parsed.data;
  const lineOf = (index: number): number => file.lineOf(['rules', index]);
  const mistakes = ruleMistakes(rules, catalogue, lineOf);
  if (mistakes.length > 0) throw file.problem(mistakes);
  return new Rules(
    rules.map((written, index) => ruleOf(written, lineOf(index))),
    serviceProject,
  );
}
