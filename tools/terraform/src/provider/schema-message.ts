import type { Attribute, Block, NestedBlock, ProviderSchema } from '../schema/schema.ts';
import { field, mapField } from './protobuf.ts';

// Field numbers of tfplugin6.proto, which Terraform keeps stable.
const nestings = { single: 1, list: 2, set: 3, map: 4 };

function attributeMessage(name: string, attribute: Attribute): Buffer {
  return Buffer.concat([
    field(1, name),
    field(2, JSON.stringify(attribute.type)),
    ...(attribute.required ? [field(4, true)] : []),
    ...(attribute.optional ? [field(5, true)] : []),
    ...(attribute.computed ? [field(6, true)] : []),
    ...(attribute.writeOnly ? [field(11, true)] : []),
  ]);
}

function nestedMessage(name: string, nested: NestedBlock): Buffer {
  return Buffer.concat([
    field(1, name),
    field(2, blockMessage(nested.block)),
    field(3, nestings[nested.nesting]),
    ...(nested.min ? [field(4, nested.min)] : []),
    ...(nested.max ? [field(5, nested.max)] : []),
  ]);
}

function blockMessage(block: Block): Buffer {
  return Buffer.concat([
    ...Object.entries(block.attributes).map(([name, attribute]) => field(2, attributeMessage(name, attribute))),
    ...Object.entries(block.blocks).map(([name, nested]) => field(3, nestedMessage(name, nested))),
  ]);
}

const schemaMessage = (block: Block) => field(2, blockMessage(block));
const schemaMessages = (blocks: Record<string, Block>) =>
  Object.fromEntries(Object.entries(blocks).map(([type, block]) => [type, schemaMessage(block)]));

/** The answer to `GetProviderSchema`. */
export function schemaAnswer(schema: ProviderSchema): Buffer {
  return Buffer.concat([
    field(1, schemaMessage(schema.config)),
    mapField(2, schemaMessages(schema.resources)),
    mapField(3, schemaMessages(schema.data)),
  ]);
}
