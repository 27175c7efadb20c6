import { isClass } from './is-class.js';

/** Whether it was made with `Settings()`, of any copy of the kit. */
export function isSettingsClass(value: unknown): boolean {
  return isClass(value) && 'schema' in value && isSchemaWithShape(value.schema);
}

function isSchemaWithShape(schema: unknown): boolean {
  return typeof schema === 'object' && schema !== null && 'shape' in schema;
}
