import { type JsonObject, link } from '../tree/json.js';
import { collection, ROOT } from '../tree/layout.js';
import { base } from './base.js';

const SERVICE = `${ROOT}/CertificateService`;

/** The service for certificates, and that of the web server. Its content is made when the BMC starts. */
export function certificates(manager: string): Record<string, JsonObject> {
  const protocol = `${manager}/NetworkProtocol`;
  const all = `${protocol}/HTTPS/Certificates`;
  const locations = `${SERVICE}/CertificateLocations`;
  const action = (name: string): JsonObject => ({ target: `${SERVICE}/Actions/CertificateService.${name}` });
  return {
    [SERVICE]: {
      ...base(SERVICE, 'CertificateService.v1_0_4.CertificateService', 'CertificateService', 'Certificates'),
      CertificateLocations: link(locations),
      Actions: {
        '#CertificateService.GenerateCSR': action('GenerateCSR'),
        '#CertificateService.ReplaceCertificate': action('ReplaceCertificate'),
      },
    },
    [locations]: {
      ...base(
        locations,
        'CertificateLocations.v1_0_3.CertificateLocations',
        'CertificateLocations',
        'Certificate Locations',
      ),
      Links: { Certificates: [link(`${all}/1`)], 'Certificates@odata.count': 1 },
    },
    [protocol]: {
      ...base(
        protocol,
        'ManagerNetworkProtocol.v1_5_0.ManagerNetworkProtocol',
        'NetworkProtocol',
        'Network Protocol',
      ),
      HTTPS: { ProtocolEnabled: true, Port: 443, Certificates: link(all) },
    },
    [all]: collection(all, 'CertificateCollection', 'Certificates', [`${all}/1`]),
    [`${all}/1`]: {
      ...base(`${all}/1`, 'Certificate.v1_6_0.Certificate', '1', 'HTTPS Certificate'),
      CertificateUsageTypes: ['Web'],
    },
  };
}

/** Links to them, for the resources that own them. */
export function certificateLinks(manager: string): Readonly<Record<'root' | 'manager', JsonObject>> {
  return {
    root: { CertificateService: link(SERVICE) },
    manager: { NetworkProtocol: link(`${manager}/NetworkProtocol`) },
  };
}
