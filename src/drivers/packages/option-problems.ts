import { type MethodDeclaration } from '@ferrule/driver-kit/host';
import { z } from 'zod';

const CALL = {
  http: z.array(z.string(), 'it must be a list of HTTP verbs'),
  name: z.string().optional(),
  async: z.boolean().optional(),
  attach: z.boolean().optional(),
  description: z.string().optional(),
  args: z.custom(isObjectSchema, 'it must be a z.object of zod 4').optional(),
  timeout: z.string().optional(),
};

/** What the compiler refuses in TypeScript; a driver may be written in JavaScript. */
const OPTIONS = {
  driver: z.strictObject(CALL),
  node: z.strictObject({ ...CALL, lock: z.enum(['exclusive', 'shared']).optional() }),
};

export function optionProblems({ scope, options }: MethodDeclaration): string[] {
  const schema: z.ZodObject = OPTIONS[scope];
  const { error } = schema.safeParse(options);
  return (error?.issues ?? []).map((issue) =>
    issue.code === 'unrecognized_keys'
      ? `has unknown options: ${issue.keys.join(', ')}; it may have ${Object.keys(schema.shape).join(', ')}`
      : `has a wrong option '${issue.path.join('.')}': ${issue.message}`,
  );
}

/** Of any copy of zod. */
function isObjectSchema(value: unknown): boolean {
  return (
    typeof value === 'object' &&
    value !== null &&
    '_zod' in value &&
    'shape' in value &&
    'strict' in value &&
    typeof value.strict === 'function'
  );
}
