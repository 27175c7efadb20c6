import { optional } from '../setting.js';
import { path, text } from '../values.js';

export const policySettings = {
  policy: optional(
    path,
    "The YAML file of rules that decide who may do what, before Ironic's defaults do. Read again when it changes.",
  ),
  serviceProject: optional(
    text,
    'The id of the project whose callers with the role `service` are services of the whole system for the policy, as Nova needs it. Without it: a caller with system scope only.',
  ),
};
