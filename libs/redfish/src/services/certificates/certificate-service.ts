import { RedfishArgumentError, RedfishNotFoundError, RedfishUnsupportedError } from '../../errors.js';
import { actionTarget, linkOf, linksOf, textAt, valueAt, type JsonObject } from '../../json.js';
import { samePath } from '../../wire/links.js';
import type { CallOptions } from '../../types.js';
import type { RedfishClient } from '../client.js';
import { serviceOf } from '../linked.js';
import { RedfishMissingError, RedfishNotDoneError } from '../service-errors.js';
import { certificateOf, type Certificate } from './certificate.js';

const GENERATE = '#CertificateService.GenerateCSR';
const REPLACE = '#CertificateService.ReplaceCertificate';

/** What a request for a certificate says. The first six are required by the standard. */
export interface CsrRequest {
  readonly CommonName: string;
  readonly Organization: string;
  readonly OrganizationalUnit: string;
  readonly City: string;
  readonly State: string;
  /** Two letters. */
  readonly Country: string;
  readonly AlternativeNames?: readonly string[] | undefined;
  /** Such as `TPM_ALG_RSA` and `TPM_ALG_ECDSA`. */
  readonly KeyPairAlgorithm?: string | undefined;
  readonly KeyBitLength?: number | undefined;
  /** Such as `TPM_ECC_NIST_P384`. */
  readonly KeyCurveId?: string | undefined;
}

/** Options about a collection of certificates. Default: that of the web server of the system's manager. */
export interface CertificatePlace extends CallOptions {
  readonly collection?: string | undefined;
}

/**
 * The certificates of a BMC. Every method rejects with a RedfishError; without a CertificateService with a
 * RedfishMissingError.
 *
 * ```ts
 * const certificates = new CertificateService(bmc);
 * const { csr } = await certificates.generateCsr({ CommonName: 'bmc.example', … });
 * await certificates.replace(await sign(csr));
 * ```
 */
export class CertificateService {
  constructor(readonly bmc: RedfishClient) {}

  /** The certificates that the BMC lists, else those of its web server. Those that are listed but 404 are left out. */
  async list(options: CallOptions = {}): Promise<Certificate[]> {
    const paths = await this.#listed(options);
    const all = await Promise.all(paths.map(async (path) => this.#read(path, options)));
    return all.filter((certificate) => certificate !== undefined);
  }

  /**
   * Lets the BMC make a key and a request for a certificate, at most once.
   *
   * @returns the request in PEM, and the path of the collection that the certificate is for
   * @throws RedfishUnsupportedError without `status` if the BMC has no such action
   * @throws RedfishValidationError for what it refuses
   * @throws RedfishNotDoneError if its answer has no request
   */
  async generateCsr(
    request: CsrRequest,
    { collection, ...options }: CertificatePlace = {},
  ): Promise<{ readonly csr: string; readonly collection: string }> {
    const target = await this.#target(GENERATE, options);
    if (target === undefined) throw unsupported('GenerateCSR');
    const place = collection ?? (await this.#webServer(options));
    const body = { CertificateCollection: { '@odata.id': place }, ...given(request) };
    const reply = await this.bmc.post(target, body, options);
    const csr = textAt(reply.body, 'CSRString');
    if (csr === undefined) throw new RedfishNotDoneError(`${reply.url} answered without a CSRString.`);
    return { csr, collection: place };
  }

  /**
   * Replaces a certificate, at most once, by the action ReplaceCertificate, or where there is none by a POST to its
   * collection. BMCs may restart their web server, and the client then has to trust the new certificate.
   *
   * @param pem one certificate or a chain, the own one first; with its key where the BMC did not make it
   * @param options `path` of the certificate; default: the first of the web server
   * @returns the path of the new certificate
   * @throws RedfishArgumentError with the paths of all, if there is no such certificate
   * @throws RedfishValidationError for what the BMC refuses
   */
  async replace(
    pem: string,
    { path, ...options }: CallOptions & { readonly path?: string | undefined } = {},
  ): Promise<string> {
    const target = await this.#target(REPLACE, options);
    const old = await this.#chosen(path, options);
    const chain = pem.match(/-----BEGIN CERTIFICATE-----/g)?.length ?? 0;
    const body = { CertificateString: pem, CertificateType: chain > 1 ? 'PEMchain' : 'PEM' };
    const reply =
      target === undefined
        ? await this.bmc.post(old.replace(/\/[^/]+\/?$/, ''), body, options)
        : await this.bmc.post(target, { ...body, CertificateUri: { '@odata.id': old } }, options);
    return reply.location ?? linkOf(reply.body) ?? old;
  }

  async #service(options: CallOptions): Promise<JsonObject> {
    return (await serviceOf(this.bmc, 'CertificateService', options)).body;
  }

  async #target(action: string, options: CallOptions): Promise<string | undefined> {
    return actionTarget(await this.#service(options), action);
  }

  async #listed(options: CallOptions): Promise<string[]> {
    const locations = linkOf((await this.#service(options))['CertificateLocations']);
    if (locations !== undefined) {
      const { body } = await this.bmc.get(locations, options);
      return linksOf(valueAt(body, 'Links', 'Certificates'));
    }
    return this.bmc.members(await this.#webServer(options), options);
  }

  async #read(path: string, options: CallOptions): Promise<Certificate | undefined> {
    try {
      return certificateOf((await this.bmc.get(path, options)).body, path);
    } catch (error) {
      if (error instanceof RedfishNotFoundError) return undefined;
      throw error;
    }
  }

  async #chosen(path: string | undefined, options: CallOptions): Promise<string> {
    if (path === undefined) {
      const [first] = await this.bmc.members(await this.#webServer(options), options);
      if (first !== undefined) return first;
      throw new RedfishMissingError('HTTPS.Certificates', 'The web server of the BMC');
    }
    const listed = await this.#listed(options);
    const found = listed.find((each) => samePath(each, path));
    if (found !== undefined) return found;
    const text = `There is no certificate ${path}; there are: ${listed.join(', ')}.`;
    throw new RedfishArgumentError('path', text, listed);
  }

  /** The collection of the certificates of the web server, of the first manager that has one. */
  async #webServer(options: CallOptions): Promise<string> {
    const managers = await this.bmc.managers(await this.bmc.system(options), options);
    for (const { body } of managers) {
      const protocol = linkOf(body['NetworkProtocol']);
      const service = protocol === undefined ? undefined : (await this.bmc.get(protocol, options)).body;
      const link = linkOf(valueAt(service, 'HTTPS', 'Certificates'));
      if (link !== undefined) return link;
    }
    throw new RedfishMissingError('HTTPS.Certificates', 'NetworkProtocol of the Manager');
  }
}

function given(request: CsrRequest): JsonObject {
  const { AlternativeNames, ...others } = request;
  const entries = Object.entries(others).filter(([, value]) => value !== undefined);
  return {
    ...Object.fromEntries(entries),
    ...(AlternativeNames !== undefined && { AlternativeNames: [...AlternativeNames] }),
  };
}

function unsupported(action: string): RedfishUnsupportedError {
  return new RedfishUnsupportedError(`The CertificateService of the BMC has no action ${action}.`);
}
