import { type Answer, type BmcRequest, empty, json } from '../messages/answer.js';
import { Refusal } from '../messages/errors.js';
import { type Switches } from '../misbehaviours/switches.js';
import { type Feature, type OwnedResources, parametersOf, type Verb } from '../protocol/feature.js';
import { type AccountRules } from '../profiles/vendor-rules.js';
import { freshMember } from '../protocol/fresh-member.js';
import { isJsonObject, type JsonObject, link, linkOf, stringOf } from '../tree/json.js';
import { ROOT } from '../tree/layout.js';
import { normalisePath } from '../tree/paths.js';
import { type ResourceTree } from '../tree/tree.js';
import { checkAccount } from './account-checks.js';

export interface Credentials {
  readonly username: string;
  readonly password: string;
}

/** Who has logged in. */
export interface User {
  readonly name: string;
  /** Undefined where no resource shows the account, as in most recordings. */
  readonly path: string | undefined;
  readonly role: string;
}

const CHANGE_PASSWORD = '/Actions/ManagerAccount.ChangePassword';

/** The accounts of a BMC: at first the one of its credentials, with the role Administrator. */
export class Accounts implements Feature {
  readonly resources: readonly OwnedResources[];
  /** By path; the account that no resource shows has the path ''. */
  private readonly passwords = new Map<string, string>();
  /** Paths of accounts whose password was changed. */
  private readonly changed = new Set<string>();
  private readonly service: JsonObject | undefined;
  private readonly collection: string | undefined;
  private readonly roles: string | undefined;

  /** `ended` is called with the name of a user whose password has changed. */
  constructor(
    private readonly tree: ResourceTree,
    private readonly rules: AccountRules,
    private readonly initial: Credentials,
    private readonly switches: Switches,
    private readonly ended: (name: string) => void,
  ) {
    this.service = tree.get(linkOf(tree.get(ROOT)?.['AccountService']) ?? '');
    const collection = linkOf(this.service?.['Accounts']);
    this.collection =
      collection !== undefined && tree.has(collection) ? normalisePath(collection) : undefined;
    this.roles = linkOf(this.service?.['Roles']);
    this.lay();
    this.resources = [
      {
        owns: (path) => path === this.collection,
        verbs: () => (rules.slots === undefined ? ['POST'] : []),
        ...(rules.slots === undefined && { create: (request: BmcRequest) => this.create(request) }),
      },
      {
        owns: (path) => this.owns(path),
        verbs: (path) => this.verbs(path),
        update: (path, body) => this.update(path, body),
        remove: (path) => this.remove(path),
      },
      {
        owns: (path) => this.roles !== undefined && path.startsWith(`${normalisePath(this.roles)}/`),
        verbs: () => [],
      },
    ];
  }

  /** Whom these credentials are of; undefined if they are wrong. */
  find(username: string | undefined, password: string | undefined): User | undefined {
    const paths = this.collection === undefined ? [''] : this.tree.members(this.collection);
    const path = paths.map(normalisePath).find((each) => this.nameOf(each) === username);
    if (path === undefined || username === undefined || this.passwords.get(path) !== password) {
      return undefined;
    }
    const stored = this.tree.get(path);
    const isUsable = path === '' || (stored?.['Enabled'] === true && stored['Locked'] !== true);
    const role = stringOf(stored?.['RoleId']) ?? 'Administrator';
    return isUsable ? { name: username, path: path || undefined, role } : undefined;
  }

  setPassword(path: string, password: string): void {
    this.update(path, { Password: password });
  }

  /** Whether this user has to change the password before anything else, and how a login is answered then. */
  mustChange({ name, path = '' }: User): '201' | '403' | undefined {
    const told = this.switches.get('passwordChangeRequired');
    if (told !== undefined && name === this.initial.username && !this.changed.has(path)) {
      return told;
    }
    return this.tree.get(path)?.['PasswordChangeRequired'] === true ? '201' : undefined;
  }

  passwordChange({ name, path = `${ROOT}/AccountService/Accounts/${name}` }: User): Refusal {
    if (this.switches.get('passwordChangeUnnamed')) {
      // With the registry, because the message of the standard has an argument.
      return new Refusal(403, { id: 'Base.1.8.PasswordChangeRequired', text: 'Change the password first.' });
    }
    const text = `Change the password at ${path} first.`;
    return new Refusal(403, { id: 'PasswordChangeRequired', text, args: [path] });
  }

  /** The first slot of an iDRAC cannot be used. */
  private verbs(path: string): readonly Verb[] {
    if (this.rules.slots === undefined) return ['PATCH', 'DELETE'];
    return path.endsWith('/1') ? [] : ['PATCH'];
  }

  private owns(path: string): boolean {
    return this.collection !== undefined && path.startsWith(`${this.collection}/`) && this.tree.has(path);
  }

  private nameOf(path: string): string | undefined {
    return path === '' ? this.initial.username : stringOf(this.tree.get(path)?.['UserName']);
  }

  private lay(): void {
    const { username, password } = this.initial;
    if (this.collection === undefined) {
      this.passwords.set('', password);
      return;
    }
    const before = this.rules.slots === undefined ? [] : [''];
    const after = Array.from({ length: Math.max(0, (this.rules.slots ?? 0) - 2) }, () => '');
    for (const name of [...before, username, ...after]) {
      const path = this.add({ UserName: name, RoleId: name === '' ? 'None' : 'Administrator' });
      if (name !== '') {
        this.passwords.set(path, password);
      }
    }
  }

  private add({ UserName, RoleId, ...others }: JsonObject): string {
    const collection = this.collection ?? '';
    const name = stringOf(UserName) ?? '';
    const { id, path } =
      this.rules.ids === 'name'
        ? { id: name, path: `${collection}/${name}` }
        : freshMember(this.tree, collection, 'number');
    this.tree.addMember(collection, path, {
      '@odata.id': path,
      '@odata.type': `#ManagerAccount.${this.rules.offersChange ? 'v1_12_1' : 'v1_6_0'}.ManagerAccount`,
      Id: id,
      Name: 'User Account',
      UserName: name,
      Password: null,
      RoleId: RoleId ?? 'ReadOnly',
      Enabled: name !== '',
      Locked: false,
      PasswordChangeRequired: false,
      AccountTypes: ['Redfish'],
      ...(this.rules.offersChange && {
        Actions: { '#ManagerAccount.ChangePassword': { target: `${path}${CHANGE_PASSWORD}` } },
      }),
      ...others,
      ...(RoleId !== 'None' && { Links: { Role: link(`${this.roles}/${stringOf(RoleId) ?? 'ReadOnly'}`) } }),
    });
    return normalisePath(path);
  }

  private create(request: BmcRequest): Answer {
    const { Password, ...fields } = parametersOf(request);
    for (const name of ['UserName', 'Password', 'RoleId']) {
      if (parametersOf(request)[name] === undefined) {
        throw Refusal.missingProperty(name);
      }
    }
    this.check(parametersOf(request), {});
    const path = this.add(fields);
    this.passwords.set(path, stringOf(Password) ?? '');
    return json(201, this.tree.get(path) ?? {}, { Location: path });
  }

  private update(path: string, body: JsonObject): Answer {
    const stored = this.tree.get(path) ?? {};
    this.check(body, stored);
    const { Password, ...fields } = body;
    const name = stringOf(stored['UserName']) ?? '';
    if (typeof Password === 'string') {
      this.passwords.set(path, Password);
      this.changed.add(path);
      if (this.switches.get('passwordChangeEndsSessions')) {
        this.ended(name);
      }
    }
    this.tree.patch(path, {
      ...fields,
      ...(Password !== undefined && { PasswordChangeRequired: false }),
      ...(typeof fields['RoleId'] === 'string' && {
        Links: { Role: link(`${this.roles}/${fields['RoleId']}`) },
      }),
    });
    return json(200, this.tree.get(path) ?? {});
  }

  private remove(path: string): Answer {
    this.ended(this.nameOf(path) ?? '');
    this.tree.removeMember(this.collection ?? '', path);
    this.passwords.delete(path);
    return empty(204);
  }

  private check(body: JsonObject, stored: JsonObject): void {
    const roles = this.tree.members(this.roles ?? '').map((path) => path.split('/').at(-1) ?? '');
    const { MinPasswordLength: least, MaxPasswordLength: most } = this.service ?? {};
    checkAccount(body, stored, roles, {
      least: typeof least === 'number' ? least : 0,
      most: typeof most === 'number' ? most : Infinity,
    });
    const name = stringOf(body['UserName']);
    const isTaken = this.tree.members(this.collection ?? '').some((path) => this.nameOf(path) === name);
    if (name !== undefined && name !== stored['UserName'] && (name === '' ? false : isTaken)) {
      const text = `There is an account ${name} already.`;
      throw new Refusal(400, {
        id: 'ResourceAlreadyExists',
        text,
        args: ['ManagerAccount', 'UserName', name],
      });
    }
  }
}

/** Whether a request changes the password of this user and nothing else. */
export function changesOwnPassword({ method, path, body }: BmcRequest, user: User): boolean {
  if (user.path === undefined) return false;
  if (method === 'POST') return normalisePath(path) === user.path + CHANGE_PASSWORD;
  const isPatch = method === 'PATCH' && normalisePath(path) === user.path;
  return isPatch && isJsonObject(body) && Object.keys(body).every((name) => name === 'Password');
}
