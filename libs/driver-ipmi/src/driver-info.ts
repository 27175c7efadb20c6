import { z } from 'zod';

/** Accepts any value: all keys are checked together, in Ironic's order and words. */
const key = (description: string) => z.unknown().optional().describe(description);

export const IpmiDriverInfo = z.object({
  ipmi_address: key('IP address or hostname of the node. Required.'),
  ipmi_username: key('username, at most 16 bytes; default is NULL user. Optional.'),
  ipmi_password: key('password, at most 20 bytes, and 16 with IPMI 1.5. Optional.'),
  ipmi_port: key('remote IPMI RMCP port; default is 623. Optional.'),
  ipmi_priv_level: key(
    'privilege level; default is ADMINISTRATOR. One of ADMINISTRATOR, CALLBACK, OPERATOR, USER. Optional.',
  ),
  ipmi_hex_kg_key: key(
    'Kg key for IPMIv2 authentication. The key is expected in hexadecimal format, at most 20 bytes. Optional.',
  ),
  ipmi_bridging: key('bridging_type; default is "no". One of "single", "dual", "no". Optional.'),
  ipmi_transit_channel: key(
    'transit channel for bridged request. Required only if ipmi_bridging is set to "dual".',
  ),
  ipmi_transit_address: key(
    'transit address for bridged request. Required only if ipmi_bridging is set to "dual".',
  ),
  ipmi_target_channel: key(
    'destination channel for bridged request. Required only if ipmi_bridging is set to "single" or "dual".',
  ),
  ipmi_target_address: key(
    'destination address for bridged request. Required only if ipmi_bridging is set to "single" or "dual".',
  ),
  ipmi_local_address: key(
    'local IPMB address for bridged requests. Used only if ipmi_bridging is set to "single" or "dual". Optional.',
  ),
  ipmi_protocol_version: key(
    'the version of the IPMI protocol; default is "2.0". One of "1.5", "2.0". Optional.',
  ),
  ipmi_disable_boot_timeout: key(
    'Whether the BMC is told to keep a boot device that is set, which it would forget after 60 s; default is true. Optional.',
  ),
  ipmi_cipher_suite: key(
    'The number of a cipher suite to use: 3 (AES-128 with SHA1) or 17 (AES-128 with SHA256). By default those of ' +
      'FERRULE_IPMI_CIPHER_SUITES are tried in turn, and the one that works is remembered. Optional.',
  ),
});
