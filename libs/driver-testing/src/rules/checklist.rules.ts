import { byHand, type Rule } from './rule.js';

/** What no machine can check. */
export const CHECKLIST: readonly Rule[] = [
  byHand('by-hand-effects', 'bronze', 'Descriptions say what a method interrupts or erases.'),
  byHand('by-hand-waits', 'bronze', 'Every wait on a BMC or another system has a limit.'),
  byHand('by-hand-sessions', 'silver', 'Sessions at BMCs are reused, and closed when the service stops.'),
  byHand(
    'by-hand-repeat',
    'silver',
    'A method whose outcome is unknown can be called again, or its description says how to find out.',
  ),
  byHand('by-hand-messages', 'silver', 'Messages say what was wrong and what the caller can do.'),
  byHand('by-hand-names', 'silver', "Methods and arguments that Ironic also has keep Ironic's names."),
  byHand(
    'by-hand-hardware',
    'silver',
    'Every method was tried with real hardware or with recorded answers of it.',
  ),
  byHand(
    'by-hand-quirks',
    'gold',
    'What differs between models and firmware stands in one table, with the reason.',
  ),
  byHand('by-hand-upgrade', 'gold', 'Nodes and jobs of the version before work with this one.'),
];
