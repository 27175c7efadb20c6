export const sql = `
alter table nodes
  alter column retired drop not null,
  alter column disable_power_off drop not null,
  alter column bios_interface drop not null,
  alter column boot_interface drop not null,
  alter column console_interface drop not null,
  alter column deploy_interface drop not null,
  alter column firmware_interface drop not null,
  alter column inspect_interface drop not null,
  alter column management_interface drop not null,
  alter column network_interface drop not null,
  alter column power_interface drop not null,
  alter column raid_interface drop not null,
  alter column rescue_interface drop not null,
  alter column storage_interface drop not null,
  alter column vendor_interface drop not null;
`;
