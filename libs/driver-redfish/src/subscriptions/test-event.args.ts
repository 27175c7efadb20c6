import { z } from 'zod';

export const SubmitTestEventArgs = z.strictObject({
  event_type: z
    .string()
    .min(1, 'it is empty')
    .max(200)
    .optional()
    .describe('The EventType; without it Alert, or the first that the BMC has.'),
  message_id: z
    .string()
    .min(1, 'it is empty')
    .max(200)
    .optional()
    .describe('The MessageId, of a registry of the BMC; without it ResourceEvent.1.0.ResourceChanged.'),
  message: z.string().min(1, 'it is empty').max(1000).optional().describe('The text of the event.'),
  severity: z
    .enum(['OK', 'Warning', 'Critical'], 'it may be OK, Warning, Critical')
    .optional()
    .describe('OK, Warning or Critical; without it OK.'),
});

export type SubmitTestEventArgs = z.output<typeof SubmitTestEventArgs>;
