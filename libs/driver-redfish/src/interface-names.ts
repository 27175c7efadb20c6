/**
 * What nodes of Ironic's Redfish types may have of kinds that nothing stands behind here. The first of each is the
 * default; `noop` is that of nodes of earlier versions.
 */
export const INTERFACE_NAMES = {
  boot: ['ipxe', 'pxe', 'http-ipxe', 'http', 'redfish-virtual-media', 'redfish-https', 'noop'],
  console: ['no-console', 'redfish-graphical', 'ipmitool-socat'],
  deploy: ['direct', 'autodetect', 'ansible', 'ramdisk', 'anaconda', 'bootc', 'custom-agent', 'noop'],
  network: ['noop', 'flat', 'neutron', 'ironic-networking'],
  rescue: ['no-rescue', 'agent'],
  storage: ['noop', 'cinder', 'external'],
} as const;
