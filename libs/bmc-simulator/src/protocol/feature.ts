import { type Answer, type BmcRequest } from '../messages/answer.js';
import { Refusal } from '../messages/errors.js';
import { isJsonObject, type JsonObject } from '../tree/json.js';

export type Verb = 'POST' | 'PATCH' | 'DELETE';

export interface ActionCall {
  /** Path of the resource that offers the action. */
  readonly path: string;
  /** Name without `#`: `LogService.ClearLog`. */
  readonly name: string;
  /** The action as the resource shows it: `target`, allowable values. */
  readonly offered: JsonObject;
  /** The parameters; empty without a body. */
  readonly parameters: JsonObject;
  readonly request: BmcRequest;
}

export type Action = (call: ActionCall) => Answer;

/** Resources that do not follow the common rules: stored, readable, and changed by PATCH. */
export interface OwnedResources {
  owns(path: string): boolean;
  /** What is allowed beside GET and HEAD. Other verbs are 405. */
  verbs(path: string): readonly Verb[];
  /** The answer to a GET; absent or `undefined`: the resource as shown. */
  read?(path: string): Answer | undefined;
  /** The resource as clients see it. `stored` may be changed. */
  show?(path: string, stored: JsonObject): JsonObject;
  /** `origin` is the BMC's own, for absolute links. */
  create?(request: BmcRequest, origin: string): Answer;
  update?(path: string, body: JsonObject): Answer;
  remove?(path: string): Answer;
}

/** A part of a BMC with rules of its own. `bmc/parts.ts` lists them. */
export interface Feature {
  /** Reached only where a resource offers them in its `Actions`. */
  readonly actions?: Readonly<Record<string, Action>>;
  readonly resources?: readonly OwnedResources[];
  /** The answer to a POST at a path that is no resource, whose body need not be JSON; `undefined` for other paths. */
  push?(path: string, request: BmcRequest): Answer | undefined;
}

/** Finds who answers for a path or an action. */
export class Features {
  private readonly actions = new Map<string, Action>();
  private readonly resources: readonly OwnedResources[];

  constructor(private readonly features: readonly Feature[]) {
    this.resources = features.flatMap(({ resources = [] }) => resources);
    for (const [name, action] of features.flatMap(({ actions = {} }) => Object.entries(actions))) {
      if (this.actions.has(name)) throw new Error(`Two features do the action ${name}.`);
      this.actions.set(name, action);
    }
  }

  action(name: string): Action | undefined {
    return this.actions.get(name);
  }

  push(path: string, request: BmcRequest): Answer | undefined {
    for (const feature of this.features) {
      const answer = feature.push?.(path, request);
      if (answer) {
        return answer;
      }
    }
    return undefined;
  }

  owner(path: string): OwnedResources | undefined {
    return this.resources.find((resources) => resources.owns(path));
  }
}

/** Refuses parameters that an action does not have. */
export function checkParameters({ name, parameters }: ActionCall, known: readonly string[]): void {
  const surplus = Object.keys(parameters).find((parameter) => !known.includes(parameter));
  if (surplus !== undefined) {
    const text = `${surplus} is no parameter.`;
    throw new Refusal(400, { id: 'ActionParameterUnknown', text, args: [shortOf(name), surplus] });
  }
}

export function missingParameter(name: string, parameter: string): Refusal {
  const text = `The action ${shortOf(name)} needs ${parameter}.`;
  const args = [shortOf(name), parameter];
  return new Refusal(400, { id: 'ActionParameterMissing', text, args, related: [parameter] });
}

export function parametersOf({ body }: BmcRequest): JsonObject {
  return isJsonObject(body) ? body : {};
}

function shortOf(name: string): string {
  return name.split('.').at(-1) ?? name;
}
