import { type Grade } from '../subject/options.js';
import { ARGUMENT_RULES } from './argument.rules.js';
import { BEHAVIOUR_RULES } from './behaviour.rules.js';
import { CHECKLIST } from './checklist.rules.js';
import { ERROR_RULES } from './error.rules.js';
import { LOCK_RULES } from './lock.rules.js';
import { METHOD_RULES } from './method.rules.js';
import { MODULE_RULES, STOP_RULES } from './module.rules.js';
import { NODE_RULES } from './node.rules.js';
import { PACKAGE_RULES } from './package.rules.js';
import { RESULT_RULES } from './result.rules.js';
import { type Rule } from './rule.js';
import { SECRET_RULES } from './secret.rules.js';
import { SETTING_RULES } from './setting.rules.js';

/** From the lowest to the highest. */
export const GRADES: readonly Grade[] = ['bronze', 'silver', 'gold'];

/** All rules, in the order in which they are checked. */
export const RULES: readonly Rule[] = [
  ...MODULE_RULES,
  ...METHOD_RULES,
  ...ARGUMENT_RULES,
  ...SETTING_RULES,
  ...PACKAGE_RULES,
  ...NODE_RULES,
  ...RESULT_RULES,
  ...LOCK_RULES,
  ...BEHAVIOUR_RULES,
  ...ERROR_RULES,
  ...SECRET_RULES,
  ...STOP_RULES,
  ...CHECKLIST,
];
