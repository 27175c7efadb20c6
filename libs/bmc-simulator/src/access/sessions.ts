import { randomBytes } from 'node:crypto';
import { type Answer, type BmcRequest, empty, json } from '../messages/answer.js';
import { type Accounts, type Credentials, type User } from './accounts.js';
import { Refusal } from '../messages/errors.js';
import { type Feature, type OwnedResources } from '../protocol/feature.js';
import { isJsonObject, type Json } from '../tree/json.js';
import { type Switches } from '../misbehaviours/switches.js';
import { FOREIGN_ORIGIN, normalisePath } from '../tree/paths.js';
import { freshMember } from '../protocol/fresh-member.js';
import { type ResourceTree } from '../tree/tree.js';
import { type SessionRules } from '../profiles/vendor-rules.js';

export interface Session {
  readonly path: string;
  readonly token: string;
  lastUsed: number;
  readonly user: User;
}

/** The sessions opened on this BMC, without those of a recording. */
export class Sessions implements Feature {
  readonly resources: readonly OwnedResources[] = [
    {
      owns: (path) => path === this.collection,
      verbs: () => ['POST'],
      create: ({ body }, origin) => this.login(body, origin),
    },
    {
      owns: (path) => this.find(path) !== undefined,
      verbs: () => ['DELETE'],
      remove: (path) => {
        this.forget(this.find(path)?.token ?? '');
        return empty(204);
      },
    },
  ];
  logins = 0;
  attempts = 0;
  private readonly open = new Map<string, Session>();
  private wrongInARow = 0;

  constructor(
    private readonly tree: ResourceTree,
    readonly collection: string,
    private readonly rules: SessionRules,
    readonly accounts: Accounts,
    private readonly switches: Switches,
  ) {}

  get count(): number {
    this.dropIdle();
    return this.open.size;
  }

  authenticate(username: string | undefined, password: string | undefined): User {
    const limit = this.switches.get('lockAccountAfter');
    if (limit !== undefined && this.wrongInARow >= limit) {
      throw new Refusal(401, { id: 'GeneralError', text: 'The account is locked after too many failures.' });
    }
    const user = this.accounts.find(username, password);
    if (!user) {
      this.wrongInARow += 1;
      throw Refusal.wrongCredentials();
    }
    this.wrongInARow = 0;
    return user;
  }

  private login(body: Json | undefined, origin: string): Answer {
    this.attempts += 1;
    const { UserName, Password } = checkLogin(body);
    this.refuseWhenFull();
    const user = this.authenticate(UserName, Password);
    this.refuseAnyway();
    if (this.accounts.mustChange(user) === '403') {
      throw this.accounts.passwordChange(user);
    }
    return this.told(this.create(user), origin);
  }

  /** The session of a token, which counts as used now. */
  use(token: string): Session | undefined {
    this.dropIdle();
    const session = this.open.get(token);
    if (session) {
      session.lastUsed = Date.now();
    }
    return session;
  }

  /** Who sends a request that was admitted. */
  userOf({ headers }: BmcRequest): User {
    const { username, password } = credentialsOf(headers['authorization'] ?? '');
    const user = this.open.get(headers['x-auth-token'] ?? '')?.user ?? this.accounts.find(username, password);
    if (user === undefined) throw Refusal.noSession();
    return user;
  }

  forget(token: string): void {
    const session = this.open.get(token);
    if (session) {
      this.open.delete(token);
      this.tree.removeMember(this.collection, session.path);
    }
  }

  expireAll(): void {
    [...this.open.keys()].forEach((token) => this.forget(token));
  }

  /** Ends the sessions of a user. */
  expire(name: string): void {
    [...this.open.values()]
      .filter(({ user }) => user.name === name)
      .forEach(({ token }) => this.forget(token));
  }

  private find(path: string): Session | undefined {
    return [...this.open.values()].find((one) => normalisePath(one.path) === normalisePath(path));
  }

  private refuseWhenFull(): void {
    const { full } = this.rules;
    const limit = this.switches.get('sessionLimit') ?? this.rules.limit;
    const text = 'No further session can be opened, all are in use.';
    if (this.switches.use('noFreeSession')) {
      throw new Refusal(503, { id: 'IDRAC.2.8.RAC0218', text });
    }
    if (this.count >= limit) {
      throw new Refusal(full.status, { id: full.id, text });
    }
  }

  private refuseAnyway(): void {
    if (this.switches.get('sessionServiceDisabled')) {
      throw new Refusal(503, {
        id: 'ServiceTemporarilyUnavailable',
        text: 'The service is not available.',
        args: ['60'],
      });
    }
    const status = this.switches.get('loginRefused');
    if (status !== undefined) {
      throw new Refusal(status, { id: 'InsufficientPrivilege', text: 'No session may be created.' });
    }
  }

  private create(user: User): Session {
    const { id, path } = freshMember(this.tree, this.collection, this.rules.ids);
    const session: Session = {
      path,
      token: randomBytes(16).toString('hex'),
      lastUsed: Date.now(),
      user,
    };
    this.open.set(session.token, session);
    this.logins += 1;
    this.tree.addMember(this.collection, path, {
      '@odata.id': path,
      '@odata.type': `#Session.${this.rules.showsCreation ? 'v1_4_0' : 'v1_3_0'}.Session`,
      Id: id,
      Name: 'User Session',
      UserName: user.name,
      ...(this.rules.showsCreation && { CreatedTime: new Date().toISOString().replace(/\.\d+Z$/, 'Z') }),
    });
    return session;
  }

  private told(session: Session, origin: string): Answer {
    const missing = this.switches.get('sessionLocationMissing');
    const absolute = this.switches.get('sessionLocationAbsolute');
    const prefix = absolute === undefined ? '' : absolute === 'own' ? origin : FOREIGN_ORIGIN;
    const headers = {
      ...(!this.switches.get('sessionTokenMissing') && { 'X-Auth-Token': session.token }),
      ...(!missing && { Location: prefix + session.path }),
    };
    if (missing === 'and-body' || absolute === 'foreign-only') {
      return empty(201, headers);
    }
    const info = this.accounts.passwordChange(session.user).messages.map(({ id, text, args = [] }) => ({
      MessageId: `Base.1.12.${id}`,
      Message: text,
      MessageArgs: [...args],
    }));
    return json(
      201,
      {
        ...this.tree.get(session.path),
        ...(this.accounts.mustChange(session.user) && { '@Message.ExtendedInfo': info }),
      },
      headers,
    );
  }

  private dropIdle(): void {
    const timeout = this.switches.get('sessionTimeoutMs') ?? this.rules.timeoutSeconds * 1000;
    const oldest = Date.now() - timeout;
    [...this.open.values()].filter((one) => one.lastUsed < oldest).forEach((one) => this.forget(one.token));
  }
}

/** The credentials of an Authorization header with basic. */
export function credentialsOf(header: string): Credentials {
  const decoded = Buffer.from(header.replace(/^basic\s+/i, ''), 'base64').toString('utf8');
  const colon = decoded.indexOf(':');
  return { username: decoded.slice(0, colon), password: decoded.slice(colon + 1) };
}

function checkLogin(body: Json | undefined): { UserName: string; Password: string } {
  if (!isJsonObject(body)) {
    throw Refusal.malformed();
  }
  const text = (name: 'UserName' | 'Password'): string => {
    const value = body[name];
    if (value === undefined || value === null) {
      throw Refusal.missingProperty(name);
    }
    if (typeof value !== 'string') {
      throw Refusal.badValue(name, typeof value, 'PropertyValueTypeError');
    }
    return value;
  };
  return { UserName: text('UserName'), Password: text('Password') };
}
