import { createHash } from 'node:crypto';
import { type BmcRequest } from '../messages/answer.js';
import { Refusal } from '../messages/errors.js';
import { type Switches } from '../misbehaviours/switches.js';
import { type EtagBehaviour } from '../misbehaviours/etag-faults.js';
import { normalisePath } from '../tree/paths.js';
import { type ResourceTree } from '../tree/tree.js';
import { type EtagRules } from '../profiles/vendor-rules.js';

const BY_SWITCH: Readonly<Record<EtagBehaviour, EtagRules>> = {
  weak: { form: 'weak', told: 'both', ifMatch: 'optional' },
  'weak-refused': { form: 'weak', told: 'both', ifMatch: 'no-weak' },
  'doubly-quoted': { form: 'doubly-quoted', told: 'both', ifMatch: 'required' },
  'body-only': { form: 'strong', told: 'body', ifMatch: 'required' },
  'header-only': { form: 'strong', told: 'header', ifMatch: 'required' },
  'refuses-any': { form: 'strong', told: 'both', ifMatch: 'never' },
  requires: { form: 'strong', told: 'both', ifMatch: 'required' },
  bare: { form: 'strong', told: 'both', ifMatch: 'bare' },
  several: { form: 'strong', told: 'several', ifMatch: 'required' },
  'body-differs': { form: 'strong', told: 'differ', ifMatch: 'required' },
  'any-only': { form: 'strong', told: 'both', ifMatch: 'any' },
  none: { form: 'none', told: 'both', ifMatch: 'ignored' },
};

/** The ETags of a BMC, made from the revision of a resource by the vendor's rules. */
export class Etags {
  constructor(
    private readonly tree: ResourceTree,
    private readonly rules: EtagRules,
    private readonly switches: Switches,
  ) {}

  told(path: string): { header?: string; body?: string } {
    const { form, told } = this.current;
    if (form === 'none') {
      return {};
    }
    const value = this.value(path, form);
    const header = told === 'several' ? `${value}, "of-the-proxy"` : told === 'differ' ? '"stale"' : value;
    return { ...(told !== 'body' && { header }), ...(told !== 'header' && { body: value }) };
  }

  /** Checks a PATCH: 428 without a required If-Match, 412 with a wrong one. */
  check({ headers, path }: BmcRequest): void {
    const given = headers['if-match'];
    const { form, ifMatch } = this.current;
    if (['required', 'bare', 'any'].includes(ifMatch) && given === undefined) {
      throw new Refusal(428, { id: 'PreconditionRequired', text: 'If-Match is required here.' });
    }
    if (given === undefined || ifMatch === 'ignored') {
      return;
    }
    if (this.switches.use('etagChanges') || !this.accepts(given, path, form, ifMatch)) {
      throw new Refusal(412, {
        id: 'PreconditionFailed',
        text: 'The ETag given is not that of the resource.',
      });
    }
  }

  checkPost({ headers }: BmcRequest): void {
    if (this.switches.get('ifMatchRefusedOnPost') && headers['if-match'] !== undefined) {
      throw new Refusal(412, { id: 'PreconditionFailed', text: 'If-Match is not for actions.' });
    }
  }

  private accepts(
    given: string,
    path: string,
    form: EtagRules['form'],
    ifMatch: EtagRules['ifMatch'],
  ): boolean {
    const strong = this.value(path, 'strong');
    if (ifMatch === 'never') {
      return false;
    }
    if (given === '*') {
      return ifMatch !== 'bare';
    }
    if (ifMatch === 'any') {
      return false;
    }
    if (ifMatch === 'bare') {
      return `"${given}"` === strong;
    }
    if (form === 'doubly-quoted' || ifMatch === 'no-weak') {
      return given === strong;
    }
    return given === this.value(path, form) || given === strong;
  }

  private get current(): EtagRules {
    const told = this.switches.get('etag');
    return told ? BY_SWITCH[told] : this.rules;
  }

  private value(path: string, form: EtagRules['form']): string {
    const bare = normalisePath(path);
    const hash = createHash('sha256')
      .update(`${bare}\n${this.tree.revision(bare)}`)
      .digest('hex')
      .slice(0, 16);
    switch (form) {
      case 'weak':
        return `W/"${hash}"`;
      case 'doubly-quoted':
        return `""${hash}""`;
      default:
        return `"${hash}"`;
    }
  }
}
