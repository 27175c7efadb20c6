import { Document, isMap, isSeq, parseDocument, YAMLSeq } from 'yaml';
import { ACTION_NAMES, defaultPersonas } from './defaults/actions.js';
import { namesIn } from './defaults/personas.js';

/**
 * The rules of a policy file and, as rules behind them, the defaults: a file that decides the same.
 * @param text of the file without a mistake; its comments are kept.
 */
export function effectiveRules(text: string): string {
  const parsed = parseDocument(text);
  const document: Document = isMap(parsed.contents) ? parsed : new Document({});
  const present = document.get('rules', true);
  const rules = isSeq(present) ? present : new YAMLSeq();
  if (rules !== present) document.set('rules', rules);
  rules.flow = false;
  for (const [index, action] of ACTION_NAMES.entries()) {
    const personas = document.createNode(namesIn(defaultPersonas(action)), { flow: true });
    const rule = document.createNode({
      name: `default of ${action}`,
      decision: 'allow',
      actions: action,
      personas,
    });
    if (index === 0) rule.commentBefore = ' The defaults. What no rule allows is denied.';
    rules.add(rule);
  }
  return document.toString({ lineWidth: 0 }).trimEnd();
}
