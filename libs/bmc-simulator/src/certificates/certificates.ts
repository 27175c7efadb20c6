import { generateKeyPairSync, X509Certificate } from 'node:crypto';
import { type Answer, type BmcRequest, json } from '../messages/answer.js';
import { Refusal } from '../messages/errors.js';
import { type Switches } from '../misbehaviours/switches.js';
import {
  type ActionCall,
  checkParameters,
  type Feature,
  missingParameter,
  type OwnedResources,
  parametersOf,
} from '../protocol/feature.js';
import { childObject, type JsonObject, linkOf, stringOf, textOf } from '../tree/json.js';
import { ROOT } from '../tree/layout.js';
import { normalisePath } from '../tree/paths.js';
import { type ResourceTree } from '../tree/tree.js';
import { selfSignedCertificate } from './certificate.js';
import { signingRequest } from './signing-request.js';
import { SUBJECT_PARTS, type SubjectPart } from './x509.js';

const SERVICE = `${ROOT}/CertificateService`;
const REPLACE = '#CertificateService.ReplaceCertificate';
const TYPES = ['PEM', 'PEMchain'];
const CSR_PARAMETERS = [
  ...SUBJECT_PARTS,
  'CertificateCollection',
  'AlternativeNames',
  'KeyPairAlgorithm',
  'KeyBitLength',
  'KeyCurveId',
  'KeyUsage',
  'Email',
];

/** The certificates of the web server: requests for them, and their replacement. The server itself keeps its own. */
export class Certificates implements Feature {
  readonly actions = {
    'CertificateService.GenerateCSR': (call: ActionCall) => this.request(call),
    'CertificateService.ReplaceCertificate': (call: ActionCall) => this.replace(call),
  };
  readonly resources: readonly OwnedResources[] = [
    {
      owns: (path) => path === SERVICE && this.switches.get('noReplaceCertificate') === true,
      verbs: () => ['PATCH'],
      show: (_path, stored) => {
        delete childObject(stored, 'Actions')[REPLACE];
        return stored;
      },
    },
    {
      owns: (path) => path.endsWith('/HTTPS/Certificates'),
      verbs: () => ['POST'],
      create: (request) => this.create(request),
    },
    { owns: (path) => /\/HTTPS\/Certificates\/[^/]+$/.test(path), verbs: () => [] },
  ];

  constructor(
    private readonly tree: ResourceTree,
    private readonly switches: Switches,
  ) {
    for (const path of this.members) this.store(path, selfSignedCertificate().certPem, 'PEM');
  }

  private get members(): string[] {
    const locations = linkOf(this.tree.get(SERVICE)?.['CertificateLocations']) ?? '';
    const links = childObject(this.tree.get(locations), 'Links')['Certificates'];
    return Array.isArray(links) ? links.map(linkOf).filter((path) => path !== undefined) : [];
  }

  private request(call: ActionCall): Answer {
    checkParameters(call, CSR_PARAMETERS);
    const { name, parameters } = call;
    const collection = linkOf(parameters['CertificateCollection']);
    if (collection === undefined) throw missingParameter(name, 'CertificateCollection');
    if (!this.tree.has(collection)) throw badParameter('CertificateCollection', collection, 'GenerateCSR');
    const subject = SUBJECT_PARTS.map((part): [SubjectPart, string] => {
      const value = parameters[part];
      if (value === undefined) throw missingParameter(name, part);
      if (typeof value !== 'string' || (part === 'Country' && !/^[A-Z]{2}$/.test(value))) {
        throw badParameter(part, textOf(value), 'GenerateCSR');
      }
      return [part, value];
    });
    const given = parameters['AlternativeNames'];
    const names = Array.isArray(given) ? given.map(textOf) : [];
    const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const CSRString = signingRequest(new Map(subject), names, pair);
    return json(200, { CertificateCollection: { '@odata.id': collection }, CSRString });
  }

  private replace(call: ActionCall): Answer {
    checkParameters(call, ['CertificateUri', 'CertificateString', 'CertificateType']);
    const { name, parameters } = call;
    for (const parameter of ['CertificateUri', 'CertificateString', 'CertificateType']) {
      if (parameters[parameter] === undefined) throw missingParameter(name, parameter);
    }
    const path = linkOf(parameters['CertificateUri']) ?? textOf(parameters['CertificateUri']);
    if (!this.members.some((member) => normalisePath(member) === normalisePath(path))) {
      throw badParameter('CertificateUri', path, 'ReplaceCertificate');
    }
    const { text, type } = certificateIn(parameters);
    this.store(path, text, type);
    return json(200, this.tree.get(path) ?? {}, { Location: path });
  }

  /** A collection of one: a new certificate takes the place of the former. */
  private create(request: BmcRequest): Answer {
    const body = parametersOf(request);
    for (const name of ['CertificateString', 'CertificateType']) {
      if (body[name] === undefined) throw Refusal.missingProperty(name);
    }
    const { text, type } = certificateIn(body);
    const [path = ''] = this.tree.members(normalisePath(request.path).replace(/\/Members$/, ''));
    this.store(path, text, type);
    return json(201, this.tree.get(path) ?? {}, { Location: path });
  }

  private store(path: string, text: string, type: string): void {
    const certificate = new X509Certificate(text);
    this.tree.patch(path, {
      CertificateString: certificate.toString(),
      CertificateType: type,
      Subject: nameOf(certificate.subject),
      Issuer: nameOf(certificate.issuer),
      ValidNotBefore: isoOf(certificate.validFrom),
      ValidNotAfter: isoOf(certificate.validTo),
      SerialNumber: certificate.serialNumber.replace(/(..)(?=.)/g, '$1:'),
      Fingerprint: certificate.fingerprint256,
      FingerprintHashAlgorithm: 'TPM_ALG_SHA256',
    });
  }
}

function certificateIn(body: JsonObject): { text: string; type: string } {
  const type = textOf(body['CertificateType']);
  if (!TYPES.includes(type)) throw badParameter('CertificateType', type, 'ReplaceCertificate');
  const text = stringOf(body['CertificateString']) ?? '';
  try {
    new X509Certificate(text);
    return { text, type };
  } catch {
    throw badParameter('CertificateString', '***', 'ReplaceCertificate');
  }
}

function badParameter(name: string, value: string, action: string): Refusal {
  return Refusal.badValue(name, value, 'ActionParameterValueFormatError', action);
}

const SHORT: Readonly<Record<string, string>> = {
  C: 'Country',
  ST: 'State',
  L: 'City',
  O: 'Organization',
  OU: 'OrganizationalUnit',
  CN: 'CommonName',
};

function nameOf(text: string): JsonObject {
  const parts = text.split('\n').map((line): [string, string] => {
    const at = line.indexOf('=');
    const name = line.slice(0, at);
    return [SHORT[name] ?? name, line.slice(at + 1)];
  });
  return Object.fromEntries(parts);
}

function isoOf(text: string): string {
  return new Date(text).toISOString().replace(/\.\d+Z$/, 'Z');
}
