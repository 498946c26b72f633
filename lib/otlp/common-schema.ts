import { message, repeatedScalar, scalar } from './schema';
import type { Resource, Scope } from './types';

export const RESOURCE = message<Resource>({
  attributes: repeatedScalar(1, 'keyValue'),
  droppedAttributesCount: scalar(2, 'uint32'),
});

export const SCOPE = message<Scope>({
  name: scalar(1, 'string'),
  version: scalar(2, 'string'),
  attributes: repeatedScalar(3, 'keyValue'),
  droppedAttributesCount: scalar(4, 'uint32'),
});
