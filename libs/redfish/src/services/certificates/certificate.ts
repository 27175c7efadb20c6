import { isJsonObject, linkOf, textAt, textsOf, type JsonObject } from '../../json.js';

/** A certificate at a BMC. Members that the BMC left out are undefined. */
export interface Certificate {
  readonly path: string;
  /** What it is for, such as `Web`. */
  readonly usages: readonly string[];
  /** Parts such as `CommonName`, as the BMC sends them. */
  readonly subject: JsonObject;
  readonly issuer: JsonObject;
  /** ISO 8601. */
  readonly notBefore: string | undefined;
  readonly notAfter: string | undefined;
  readonly fingerprint: string | undefined;
  /** `PEM`, `PEMchain` or `PKCS7`: the form of `text`. */
  readonly type: string | undefined;
  readonly text: string | undefined;
  /** The whole resource. */
  readonly body: JsonObject;
}

export function certificateOf(body: JsonObject, path: string): Certificate {
  const usages = body['CertificateUsageTypes'];
  return {
    path: linkOf(body) ?? path,
    usages: textsOf(usages),
    subject: objectAt(body, 'Subject'),
    issuer: objectAt(body, 'Issuer'),
    notBefore: textAt(body, 'ValidNotBefore'),
    notAfter: textAt(body, 'ValidNotAfter'),
    fingerprint: textAt(body, 'Fingerprint'),
    type: textAt(body, 'CertificateType'),
    text: textAt(body, 'CertificateString'),
    body,
  };
}

function objectAt(body: JsonObject, name: string): JsonObject {
  const value = body[name];
  return isJsonObject(value) ? value : {};
}
