import { z } from 'zod';
import { type AskedQuery, QueryPipe } from '../http/query/query.pipe.js';
import { detailParameter, fieldsParameter, pagingParameters } from '../resources/list/list-parameters.js';
import { type PageRequest, pageRequest } from '../resources/list/page-request.js';
import { ShownFields } from '../resources/list/shown-fields.js';
import { CHASSIS_FIELDS, CHASSIS_SUMMARY, type ChassisField } from './chassis-fields.js';

const NOUN = { one: 'chassis', many: 'chassis' };
const FIELDS = fieldsParameter('uuid,description,extra');
const PAGING = pagingParameters(NOUN);

export const CHASSIS_QUERY = z.object({ detail: detailParameter(NOUN), fields: FIELDS, ...PAGING });

const LIST = new QueryPipe(CHASSIS_QUERY);
const DETAIL = new QueryPipe(z.object(PAGING));
const SHOW = new QueryPipe(z.object({ fields: FIELDS }));
const CHASSIS = new ShownFields(CHASSIS_FIELDS, CHASSIS_SUMMARY);

/** Of `/v1/chassis`. @throws BadRequest (400), NotAcceptable (406) */
export function readChassisList(asked: AskedQuery): PageRequest<ChassisField> {
  const query = LIST.transform(asked);
  const fields = CHASSIS.ofList(query, asked.microversion);
  return pageRequest(CHASSIS, fields, query, ['detail', 'fields'], asked);
}

/** Of `/v1/chassis/detail`. @throws BadRequest (400), NotAcceptable (406) */
export function readChassisDetail(asked: AskedQuery): PageRequest<ChassisField> {
  return pageRequest(CHASSIS, CHASSIS.all(asked.microversion), DETAIL.transform(asked), [], asked);
}

/** The fields that are shown of one chassis. @throws BadRequest (400), NotAcceptable (406) */
export function readShownChassis(asked: AskedQuery): ChassisField[] {
  return CHASSIS.ofOne(SHOW.transform(asked).fields, asked.microversion);
}

export function allChassisFields(microversion: number): ChassisField[] {
  return CHASSIS.all(microversion);
}
