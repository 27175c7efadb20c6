import { createHmac, randomBytes } from 'node:crypto';
import { FileProblem } from '../../files/watched-file.js';
import { listed } from '../../text/listed.js';

const BCRYPT = /^\$2[aby]\$(0[4-9]|[12]\d|3[01])\$[./A-Za-z0-9]{53}$/;
const DEFAULT_COST = '10';
/** The end of a hash that no known password has. */
const CHECKSUM = 'a'.repeat(31);

/** @throws FileProblem also for a file without a line, which is one that was not written to its end. */
export function usersIn(text: string): Htpasswd {
  if (text.trim() === '') {
    throw new FileProblem(["it is empty; if nobody shall be in it, write a comment such as '# no users'"]);
  }
  return new Htpasswd(text);
}

/** The users of a file of lines `user:hash`, in which the first line with a name counts. */
export class Htpasswd {
  private readonly hashes = new Map<string, string>();
  private readonly costs: string[] = [];
  private readonly key = randomBytes(16);

  /** @throws FileProblem with all lines that are wrong. */
  constructor(text: string) {
    const wrong: string[] = [];
    for (const [index, line] of text.split('\n').entries()) {
      const entry = line.trim();
      if (entry === '' || entry.startsWith('#')) continue;
      const colon = entry.indexOf(':');
      const [user, hash] = [entry.slice(0, colon), entry.slice(colon + 1)];
      const cost = BCRYPT.exec(hash)?.[1];
      if (colon < 1 || cost === undefined) {
        wrong.push(String(index + 1));
      } else if (!this.hashes.has(user)) {
        this.hashes.set(user, hash);
        this.costs.push(cost);
      }
    }
    if (wrong.length === 0) return;
    throw new FileProblem([
      `each line must be a user, a colon and a bcrypt hash ('ferrule auth add' and 'htpasswd -B' write them); wrong: line ${listed(wrong)}`,
    ]);
  }

  get users(): string[] {
    return [...this.hashes.keys()];
  }

  hashOf(user: string): string | undefined {
    return this.hashes.get(user);
  }

  /**
   * The hash for a name without a line: always the same for the name, and as slow to compare as the hash of one of the
   * users.
   */
  decoyOf(user: string): string {
    const digest = createHmac('sha256', this.key).update(user).digest();
    const cost = this.costs[digest.readUInt32BE() % Math.max(1, this.costs.length)] ?? DEFAULT_COST;
    const salt = digest.toString('base64').replaceAll('+', '.').slice(0, 21);
    return `$2b$${cost}$${salt}.${CHECKSUM}`;
  }
}
