import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import { Database } from '../database/database.js';
import { FOREIGN_KEY_VIOLATION, sqlStateOf, UNIQUE_VIOLATION } from '../database/faults/error-code.js';
import { ChassisNotFound } from '../nodes/errors.js';
import { type Page } from '../resources/list/select-page.js';
import { type PageRequest } from '../resources/list/page-request.js';
import { ResourceRows } from '../resources/resource-rows.js';
import { type ChassisField, type ChassisRow } from './chassis-fields.js';
import { ChassisAlreadyExists, ChassisNotEmpty } from './errors.js';

@Injectable()
export class ChassisRepository {
  private readonly rows: ResourceRows<ChassisField>;

  constructor(database: Database) {
    this.rows = new ResourceRows<ChassisField>(database, {
      name: 'chassis',
      columns: ['uuid', 'description', 'extra', 'created_at', 'updated_at'],
      large: ['extra'],
      notFound: (uuid) => new ChassisNotFound(uuid),
    });
  }

  page(asked: PageRequest<ChassisField>): Promise<Page<ChassisRow>> {
    return this.rows.page(asked);
  }

  /** @throws ChassisNotFound (404) */
  async get(uuid: string): Promise<ChassisRow> {
    const row = await this.rows.find(sql`uuid = ${uuid}`);
    if (!row) throw new ChassisNotFound(uuid);
    return row;
  }

  /** @throws ChassisAlreadyExists (409) */
  async insert(values: ReadonlyMap<ChassisField, unknown>): Promise<ChassisRow> {
    return this.rows.insert(values).catch((error: unknown) => {
      throw sqlStateOf(error) === UNIQUE_VIOLATION
        ? new ChassisAlreadyExists(String(values.get('uuid')))
        : error;
    });
  }

  /** @returns undefined if it was changed or deleted since it was read. */
  update(before: ChassisRow, changes: ReadonlyMap<ChassisField, unknown>): Promise<ChassisRow | undefined> {
    return this.rows.update(before, changes);
  }

  /** @throws ChassisNotFound (404), ChassisNotEmpty (400) */
  async delete(uuid: string): Promise<void> {
    const isDeleted = await this.rows.delete(uuid).catch((error: unknown) => {
      throw sqlStateOf(error) === FOREIGN_KEY_VIOLATION ? new ChassisNotEmpty(uuid) : error;
    });
    if (!isDeleted) throw new ChassisNotFound(uuid);
  }
}
