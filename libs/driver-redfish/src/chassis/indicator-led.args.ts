import { z } from 'zod';

export const LED_STATES = ['lit', 'blinking', 'off'] as const;

export const IndicatorLedArgs = z.strictObject({
  state: z
    .string()
    .trim()
    .toLowerCase()
    .pipe(z.enum(LED_STATES, `it may be ${LED_STATES.join(', ')}`))
    .describe('lit, blinking or off. LEDs that are only on or off blink for both of the first.'),
});

export type IndicatorLedArgs = z.output<typeof IndicatorLedArgs>;
