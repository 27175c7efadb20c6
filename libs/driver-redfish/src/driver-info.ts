import { z } from 'zod';

/** Accepts any value: the Redfish client checks all keys together, in Ironic's order and words. */
const key = (description: string) => z.unknown().optional().describe(description);

export const RedfishDriverInfo = z.object({
  redfish_address: key(
    'Where the BMC is: a URL, or a host with or without a port, for which https is assumed. A path in it ' +
      'replaces /redfish/v1/ as the root of the service. Required.',
  ),
  redfish_system_id: key(
    'Path of the ComputerSystem, for example /redfish/v1/Systems/1. Required if the BMC has more than one ' +
      'system, else the only one is taken. Optional.',
  ),
  redfish_username: key('The account at the BMC; without it the requests carry no credentials. Optional.'),
  redfish_password: key('The password of the account. Optional.'),
  redfish_verify_ca: key(
    'Whether the certificate of the BMC is verified: true, false, certificates in PEM to trust, or the path ' +
      'of a file or folder below the one that FERRULE_REDFISH_CA_DIR names. Defaults to FERRULE_REDFISH_VERIFY_CA. Optional.',
  ),
  redfish_auth_type: key(
    'How to log in: "session", "basic", or "auto" for a session where the BMC has them. Defaults to ' +
      'FERRULE_REDFISH_AUTH_TYPE. Optional.',
  ),
  redfish_tls_minimum_version: key('The oldest TLS to accept: "1.1", "1.2" or "1.3". Optional.'),
  redfish_tls_ciphers: key('The ciphers to offer, as an OpenSSL cipher list. Optional.'),
  redfish_connect_timeout: key('Seconds to connect to the BMC, 1 to 600. Optional.'),
  redfish_response_timeout: key('Seconds to wait for an answer of the BMC, 1 to 3600. Optional.'),
  redfish_call_timeout: key('Seconds for one request with waiting, login and retries, 1 to 3600. Optional.'),
  redfish_task_timeout: key('Seconds to follow a task of the BMC, 1 to 86400. Optional.'),
  redfish_attempts: key('How often a request is sent at most if it fails, 1 to 20. Optional.'),
  redfish_sockets: key('Concurrent requests to the BMC, 1 to 8. Optional.'),
});
