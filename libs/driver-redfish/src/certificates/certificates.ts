import { type JsonObject as ResultObject, UnsupportedDriverExtension } from '@ferrule/driver-kit';
import { CertificateService, RedfishMissingError, RedfishUnsupportedError } from '@ferrule/redfish';
import { type BmcCall } from '../bmc/bmc-call.js';
import { orRefused } from '../bmc/refusal.js';
import { type GenerateCsrArgs, type ReplaceCertificateArgs } from './certificates.args.js';

export async function getCertificates(call: BmcCall): Promise<ResultObject> {
  const list = await orUnable(call, 'certificates', async () =>
    new CertificateService(call.bmc).list(call.options),
  );
  return {
    certificates: list.map((certificate) => ({
      path: certificate.path,
      usages: [...certificate.usages],
      subject: certificate.subject,
      issuer: certificate.issuer,
      valid_from: certificate.notBefore ?? null,
      valid_until: certificate.notAfter ?? null,
      fingerprint: certificate.fingerprint ?? null,
      type: certificate.type ?? null,
      certificate: certificate.text ?? null,
    })),
  };
}

/** Lets the BMC make a key and a request for a certificate. The key stays at the BMC. */
export async function generateCsr(call: BmcCall, wanted: GenerateCsrArgs): Promise<ResultObject> {
  const request = {
    CommonName: wanted.common_name,
    Organization: wanted.organization,
    OrganizationalUnit: wanted.organizational_unit,
    City: wanted.city,
    State: wanted.state,
    Country: wanted.country,
    AlternativeNames: wanted.alternative_names,
    KeyPairAlgorithm: wanted.key_algorithm,
    KeyBitLength: wanted.key_bit_length,
    KeyCurveId: wanted.key_curve,
  };
  const options = { ...call.options, collection: wanted.collection };
  return {
    ...(await orUnable(call, 'the request for a certificate', async () =>
      new CertificateService(call.bmc).generateCsr(request, options),
    )),
  };
}

export async function replaceCertificate(
  call: BmcCall,
  { certificate, path }: ReplaceCertificateArgs,
): Promise<ResultObject> {
  const options = { ...call.options, path };
  const now = await orUnable(call, 'the certificate', async () =>
    new CertificateService(call.bmc).replace(certificate, options),
  );
  return { path: now };
}

/** Runs work. What the BMC does not have or refuses is an error of the arguments, with its words. */
async function orUnable<T>(call: BmcCall, what: string, work: () => Promise<T>): Promise<T> {
  try {
    return await orRefused(call, what, work);
  } catch (error) {
    const isMissing = error instanceof RedfishMissingError && error.property === 'CertificateService';
    if (!isMissing && !(error instanceof RedfishUnsupportedError && error.status === undefined)) throw error;
    throw new UnsupportedDriverExtension(`The BMC of node ${call.nodeUuid}: ${error.message}`, {
      cause: error,
    });
  }
}
