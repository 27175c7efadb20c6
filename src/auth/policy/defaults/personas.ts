import { type Caller } from '../../caller.js';

/** Each implies those before it. */
const RANKS = ['reader', 'member', 'manager', 'admin'] as const;
/** Implies none and is implied by none. */
const SERVICE_ROLE = 'service';
/** Where a role holds: for all nodes, in some project, in the project that owns the node, or in that of its lessee. */
const SCOPES = ['system', 'project', 'owner', 'lessee'] as const;

type Scope = (typeof SCOPES)[number];
type Role = (typeof RANKS)[number] | typeof SERVICE_ROLE;
/** For example `owner_member`. */
export type Persona = `${Scope}_${Role}` | 'anyone';

const SYSTEM_SERVICE: Persona = `system_${SERVICE_ROLE}`;

/** Those that the defaults of the policy know. */
export const ROLES: readonly Role[] = [...RANKS, SERVICE_ROLE];

export function isKnownRole(name: string): boolean {
  return ROLES.some((role) => role === name);
}

export const PERSONAS: readonly Persona[] = [
  ...SCOPES.flatMap((scope) => ROLES.map((role): Persona => `${scope}_${role}`)),
  'anyone',
];

/** A set of personas, one bit for each. */
export type PersonaSet = number;

export function personaSet(personas: Iterable<Persona>): PersonaSet {
  let set = 0;
  for (const persona of personas) set |= 1 << PERSONAS.indexOf(persona);
  return set;
}

export function namesIn(set: PersonaSet): Persona[] {
  return PERSONAS.filter((_, bit) => (set & (1 << bit)) !== 0);
}

/** The roles of a caller with those that they imply. */
export function impliedRoles(roles: readonly string[]): ReadonlySet<string> {
  const highest = RANKS.findLastIndex((rank) => roles.includes(rank));
  return new Set([...roles, ...RANKS.slice(0, highest + 1)]);
}

/** The part that a project has in a node. */
export interface Ownership {
  readonly owner: string | null;
  readonly lessee: string | null;
}

/** What a caller's project is to a node, or to nothing. */
export const RELATIONS = ['none', 'owner', 'lessee', 'both'] as const;
export type Relation = (typeof RELATIONS)[number];

export function relationOf({ projectId }: Caller, node: Ownership | null): Relation {
  if (projectId === null || node === null) return 'none';
  if (node.owner === projectId) return node.lessee === projectId ? 'both' : 'owner';
  return node.lessee === projectId ? 'lessee' : 'none';
}

const IN_NODE: Readonly<Record<Relation, readonly Scope[]>> = {
  none: [],
  owner: ['owner'],
  lessee: ['lessee'],
  both: ['owner', 'lessee'],
};

/** @param serviceProject whose services count as those of the whole system; undefined for none. */
export function personasOf(
  caller: Caller,
  relation: Relation,
  serviceProject: string | undefined,
): PersonaSet {
  const implied = impliedRoles(caller.roles);
  const roles = ROLES.filter((role) => implied.has(role));
  const scopes: Scope[] = [...IN_NODE[relation]];
  if (caller.hasSystemScope) scopes.push('system');
  if (caller.projectId !== null) scopes.push('project');
  return personaSet([
    'anyone',
    ...scopes.flatMap((scope) => roles.map((role): Persona => `${scope}_${role}`)),
    ...(caller.projectId === serviceProject && implied.has(SERVICE_ROLE) ? [SYSTEM_SERVICE] : []),
  ]);
}
