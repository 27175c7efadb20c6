import { type Answer, type BmcRequest, empty, json, text } from '../messages/answer.js';
import { type RedfishMessage, Refusal, refusalAnswer } from '../messages/errors.js';
import { ROOT } from '../tree/layout.js';
import { withSlash } from '../tree/links.js';
import { type Switches } from './switches.js';
import { type NotReady } from './path-faults.js';
import { FOREIGN_ORIGIN, normalisePath } from '../tree/paths.js';
import { type VendorRules } from '../profiles/vendor-rules.js';

const BUSY: RedfishMessage = {
  id: 'ServiceTemporarilyUnavailable',
  text: 'Try again later.',
  args: ['1'],
};
const LOGIN_PAGE = '<!DOCTYPE html><html><head><title>Login</title></head><body><form></form></body></html>';

export class Interception {
  constructor(
    private readonly switches: Switches,
    private readonly rules: VendorRules,
    private readonly sessions: string,
  ) {}

  answer(request: BmcRequest): Answer | undefined {
    return this.redirect(request) ?? this.manners(request) ?? this.refusal(request) ?? this.oddity(request);
  }

  private redirect(request: BmcRequest): Answer | undefined {
    const { method, path } = request;
    const told = this.switches.get('redirectOnPost');
    const isMeant = told && method === 'POST' && !(told.to === 'slash' && path.endsWith('/'));
    if (isMeant && this.switches.applies('redirectOnPost', request)) {
      const target = { slash: `${path}/`, loop: path, foreign: `${FOREIGN_ORIGIN}${path}` }[told.to];
      return empty(told.status, { Location: target });
    }
    const moved = this.switches.get('redirect');
    if (moved && path !== moved.to && this.switches.applies('redirect', request)) {
      return empty(moved.status, { Location: moved.to });
    }
    const status = this.rules.loginRedirect;
    if (status && method === 'POST' && path === this.sessions) {
      return empty(status, { Location: `${path}/` });
    }
    const rootRedirect = this.switches.get('rootRedirect');
    if (rootRedirect === 'https') {
      return empty(301, { Location: `https://${request.headers['host'] ?? ''}${path}` });
    }
    if (rootRedirect && path === ROOT) {
      return empty(301, { Location: `${ROOT}/` });
    }
    const only = this.switches.get('rootOnly');
    if (only && normalisePath(path) === ROOT && path !== withSlash(path, only.slash)) {
      return this.refuse(only.otherwise === 401 ? Refusal.noSession() : Refusal.notFound(path));
    }
    const slashes = this.switches.get('slashes');
    if (slashes && normalisePath(path) !== ROOT && path !== withSlash(path, slashes)) {
      return this.refuse(Refusal.notFound(path));
    }
    return undefined;
  }

  private manners(request: BmcRequest): Answer | undefined {
    const { headers } = request;
    if (this.switches.get('needsODataVersion') && headers['odata-version'] !== '4.0') {
      return text(200, LOGIN_PAGE, 'text/html');
    }
    if (headers['accept-encoding'] === 'identity' && this.switches.applies('identityRefused', request)) {
      return empty(406);
    }
    return undefined;
  }

  private refusal(request: BmcRequest): Answer | undefined {
    if (this.switches.applies('forbiddenWithLicence', request)) {
      const message = { id: 'SMC.1.0.OemLicenseNotPassed', text: 'Not licensed to perform this request.' };
      return this.refuse(new Refusal(403, message));
    }
    if (request.method === 'PATCH' && this.switches.applies('patchNotAllowed', request)) {
      return this.refuse(Refusal.notAllowed('PATCH', 'GET, HEAD'));
    }
    const told = this.switches.get('notReady');
    return told && this.switches.applies('notReady', request) ? this.notReady(told) : undefined;
  }

  private notReady({ kind, retryAfter = 1 }: NotReady): Answer {
    const refuse = (status: number, message: RedfishMessage, headers?: Record<string, string>): Answer =>
      this.refuse(new Refusal(status, message, headers));
    const wait = { 'Retry-After': String(retryAfter) };
    switch (kind) {
      case '503-retry-after':
        return refuse(503, BUSY, wait);
      case '503':
        return refuse(503, BUSY);
      case 'sys518':
        return refuse(503, { id: 'IDRAC.2.8.SYS518', text: 'iDRAC is not ready.' }, wait);
      case 'ilo-invalid-state':
        return refuse(400, { id: 'iLO.2.14.InvalidOperationForSystemState', text: 'Not in this state.' });
      case '409-in-post':
        return refuse(409, { id: 'ResourceInStandby', text: 'The system is in POST.' });
    }
  }

  private oddity(request: BmcRequest): Answer | undefined {
    const { switches } = this;
    if (switches.applies('html200', request)) {
      return text(200, LOGIN_PAGE, 'text/html; charset=utf-8');
    }
    if (switches.applies('html400', request)) {
      return text(400, '<html><body><h1>400 Bad Request</h1></body></html>', 'text/html');
    }
    if (switches.applies('html504', request)) {
      return text(504, '<html><body><h1>504 Gateway Time-out</h1></body></html>', 'text/html');
    }
    if (switches.applies('errorIn200', request)) {
      return { ...this.refuse(new Refusal(500, { id: 'GeneralError', text: 'It failed.' })), status: 200 };
    }
    if (switches.applies('jsonStringError', request)) {
      return json(400, 'something went wrong');
    }
    return switches.applies('arrayError', request) ? json(400, []) : undefined;
  }

  private refuse(refusal: Refusal): Answer {
    return refusalAnswer(refusal, this.rules.errors, this.switches.get('errorShape'));
  }
}
