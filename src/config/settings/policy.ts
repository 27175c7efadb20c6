import { optional } from '../setting.js';
import { path } from '../values.js';

export const policySettings = {
  policy: optional(
    path,
    "The YAML file of rules that decide who may do what, before Ironic's defaults do. Read again when it changes.",
  ),
};
