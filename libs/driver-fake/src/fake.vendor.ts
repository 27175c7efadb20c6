import { type ExclusiveTask, Passthru, type SharedTask, VendorInterface } from '@ferrule/driver-kit';
import { z } from 'zod';

/** Any JSON. As in Ironic's fake driver, an empty value counts as missing. */
const Bar = z.object({
  bar: z
    .json()
    .refine((bar) => Boolean(bar), 'it must not be empty, false or zero')
    .describe('What is compared.'),
});
type Bar = z.output<typeof Bar>;

/** The methods of Ironic's own fake vendor interface. */
@VendorInterface({ name: 'fake' })
export class FakeVendor {
  @Passthru({ http: ['POST'], args: Bar, description: 'Test if the value of bar is kazoo' })
  secondMethod(_task: ExclusiveTask, { bar }: Bar): boolean {
    return bar === 'kazoo';
  }

  @Passthru({ http: ['POST'], async: false, args: Bar, description: 'Test if the value of bar is meow' })
  thirdMethodSync(_task: ExclusiveTask, { bar }: Bar): boolean {
    return bar === 'meow';
  }

  @Passthru({ http: ['POST'], lock: 'shared', args: Bar, description: 'Test if the value of bar is woof' })
  fourthMethodSharedLock(_task: SharedTask, { bar }: Bar): boolean {
    return bar === 'woof';
  }

  @Passthru({ http: ['POST'], args: z.looseObject({}), description: 'Test pass-through to wait.' })
  logPassthrough(task: ExclusiveTask): void {
    task.progress({ message: 'passed through' });
  }
}
