import {
  RedfishArgumentError,
  RedfishAccessError,
  type RedfishError,
  RedfishNotFoundError,
  RedfishPasswordChangeRequiredError,
} from '../../errors.js';
import { isJsonObject, linkOf, type JsonObject } from '../../json.js';
import { isUnreadable } from '../../resources/refusals.js';
import type { CallOptions } from '../../types.js';
import { bare } from '../../wire/links.js';
import type { RedfishClient } from '../client.js';
import { serviceLink, serviceOf } from '../linked.js';
import { RedfishMissingError } from '../service-errors.js';
import { accountOf, type ManagerAccount } from './manager-account.js';
import { setPasswordOf } from './password.js';

/**
 * The accounts of a BMC. Every method rejects with a RedfishError; without an AccountService with a RedfishMissingError.
 *
 * ```ts
 * const accounts = new AccountService(bmc);
 * for (const { userName, role } of await accounts.list()) console.log(userName, role);
 * await accounts.setPassword('another-password');
 * ```
 */
export class AccountService {
  constructor(readonly bmc: RedfishClient) {}

  /**
   * All accounts that the client's own may read, without free slots: with one request for the collection where the BMC has
   * `$expand`.
   */
  async list(options: CallOptions = {}): Promise<ManagerAccount[]> {
    const path = await collectionOf(this.bmc, options);
    const { body } = await this.bmc.collection(path, { ...options, expand: true });
    const members = (Array.isArray(body['Members']) ? body['Members'] : []).filter(isJsonObject);
    const accounts: ManagerAccount[] = [];
    for (const member of members) {
      const account = accountOf(
        Object.hasOwn(member, 'UserName') ? member : await this.#read(member, options),
      );
      if (account !== undefined) accounts.push(account);
    }
    return accounts;
  }

  /** The account with this user name, which is compared exactly; undefined if there is none. */
  async find(userName: string, options: CallOptions = {}): Promise<ManagerAccount | undefined> {
    return (await this.list(options)).find((account) => account.userName === userName);
  }

  /**
   * Sets the password of an account, by default of the client's own, also if the BMC refuses everything else until then:
   * by `ManagerAccount.ChangePassword` where the account offers it, else by PATCH.
   * It is sent once: if the answer is lost, the error's `mayBeDone` is true, and a login tells whether it was done.
   * Afterwards the own client's credential is wrong: it is not replaced here, and the BMC may have ended its session.
   *
   * @param options `userName` of another account
   * @returns the path of the account
   * @throws RedfishArgumentError with the names that there are, if there is no such account
   * @throws RedfishValidationError for a password that the BMC refuses; its messages do not show the password
   * @throws RedfishPasswordChangeRequiredError for another account, while the own one needs a new password
   */
  async setPassword(
    password: string,
    { userName, ...options }: CallOptions & { readonly userName?: string | undefined } = {},
  ): Promise<string> {
    const own = this.bmc.target.credential?.username;
    const name = userName ?? own;
    if (name === undefined) {
      throw new RedfishArgumentError('UserName', 'Without a user name there is no account of its own.');
    }
    try {
      const accounts = await this.list(options);
      const account = accounts.find((each) => each.userName === name);
      if (account === undefined) throw unknown(name, accounts);
      await setPasswordOf(this.bmc, account, password, options);
      return account.path;
    } catch (error) {
      if (!(error instanceof RedfishPasswordChangeRequiredError) || name !== own) throw error;
      return this.bmc.withExpiredPassword(async (bmc) => {
        const path = await ownPath(bmc, name, error, options);
        const body = await bodyOf(bmc, path, options);
        await setPasswordOf(bmc, { path, body }, password, options);
        return path;
      });
    }
  }

  /** A member of the collection; as it is if it is not there or not for this account. */
  async #read(member: JsonObject, options: CallOptions): Promise<JsonObject> {
    try {
      return (await this.bmc.get(linkOf(member) ?? '', options)).body;
    } catch (error) {
      const isForOthers = error instanceof RedfishAccessError && error.status === 403;
      if (isForOthers || error instanceof RedfishNotFoundError) return member;
      throw error;
    }
  }
}

async function collectionOf(bmc: RedfishClient, options: CallOptions): Promise<string> {
  const { body, url } = await serviceOf(bmc, 'AccountService', options);
  const link = linkOf(body['Accounts']);
  if (link === undefined) throw new RedfishMissingError('Accounts', new URL(url).pathname);
  return link;
}

/**
 * The path of the own account while no list can be read: the one in the BMC's message, else that of BMCs whose accounts
 * have the user name as Id.
 */
async function ownPath(
  bmc: RedfishClient,
  name: string,
  demand: RedfishPasswordChangeRequiredError,
  options: CallOptions,
): Promise<string> {
  const [named] = demand.messages.flatMap(({ key, args }) => (key === 'PasswordChangeRequired' ? args : []));
  if (named !== undefined && /\/Accounts\/[^/]/.test(named)) return bmc.resolve(named);
  const service = await serviceLink(bmc, 'AccountService', options);
  const usual = `${bare(service)}/Accounts/${encodeURIComponent(name)}`;
  const account = await bmc.get(usual, options).catch((error: unknown) => {
    if (isUnreadable(error)) throw demand;
    throw error;
  });
  if (accountOf(account.body)?.userName !== name) throw demand;
  return usual;
}

/** Empty where it cannot be read before the password was changed. */
async function bodyOf(bmc: RedfishClient, path: string, options: CallOptions): Promise<JsonObject> {
  try {
    return (await bmc.get(path, options)).body;
  } catch (error) {
    if (isUnreadable(error) || error instanceof RedfishPasswordChangeRequiredError) return {};
    throw error;
  }
}

function unknown(name: string, accounts: readonly ManagerAccount[]): RedfishError {
  const names = accounts.map(({ userName }) => userName);
  return new RedfishArgumentError(
    'UserName',
    `There is no account ${name}; there are: ${names.join(', ')}.`,
    names,
  );
}
