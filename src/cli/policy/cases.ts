import { z } from 'zod';
import { parsedJson } from '../../json/parsed-json.js';
import { schemaMistakes, type Wording } from '../../files/schema-mistakes.js';
import { FileProblem } from '../../files/watched-file.js';
import { YamlFile } from '../../files/yaml-file.js';

const text = z.string('must be a text').min(1, 'must not be empty').optional();

const caseSchema = z.strictObject(
  {
    caller: text,
    role: z
      .union(
        [z.array(z.string()), z.string().transform((role) => [role])],
        'must be a text, or a list of texts',
      )
      .optional(),
    project: text,
    system: z.boolean('must be true or false').optional(),
    action: text,
    driver: text,
    method: text,
    args: z.record(z.string(), z.json(), 'must be an object').optional(),
    owner: text,
    lessee: text,
    expect: z.enum(['allow', 'deny'], "must be 'allow' or 'deny'").optional(),
  },
  { error: ({ code }) => (code === 'invalid_type' ? 'a case must be an object' : undefined) },
);

/** What `ferrule policy check` is asked, as its options have it. */
export interface Case extends z.output<typeof caseSchema> {
  /** In the file. */
  readonly line: number;
}

const WORDING: Wording = {
  membersAt: () => Object.keys(caseSchema.shape),
  // The place in the list.
  told: 1,
};

/**
 * @param content a list in YAML or JSON, or lines with a JSON object each.
 * @throws FileProblem with all that is wrong, each with its line.
 */
export function casesIn(content: string): readonly Case[] {
  return /^\s*\{/.test(content) ? ofLines(content) : ofList(content);
}

function ofList(content: string): readonly Case[] {
  const file = new YamlFile(content);
  const parsed = z.array(caseSchema, 'it must be a list of cases').safeParse(file.content);
  if (!parsed.success) throw file.problem(schemaMistakes(parsed.error, WORDING));
  return parsed.data.map((each, index) => ({ ...each, line: file.lineOf([index]) }));
}

function ofLines(content: string): readonly Case[] {
  const problems: string[] = [];
  const cases: Case[] = [];
  for (const [index, each] of content.split('\n').entries()) {
    if (each.trim() === '') continue;
    const line = index + 1;
    const value = parsedJson(each);
    if (value === undefined) {
      problems.push(`line ${line}: it is not JSON`);
      continue;
    }
    const parsed = caseSchema.safeParse(value);
    if (parsed.success) cases.push({ ...parsed.data, line });
    else {
      const mistakes = schemaMistakes(parsed.error, { ...WORDING, told: 0 });
      problems.push(...mistakes.map((mistake) => `line ${line}: ${mistake.text}`));
    }
  }
  if (problems.length > 0) throw new FileProblem(problems);
  return cases;
}
