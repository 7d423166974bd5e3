import type { Attribute, Block, NestedBlock } from './schema.ts';

// What the bindings leave open, from the provider's documentation: its own settings (only those used here), and the rules of a web
// firewall, which nest in themselves and are `any` there (only the kinds of statement used here).

const text: Attribute = { type: 'string', optional: true };
const needed: Attribute = { type: 'string', required: true };
const block = (attributes: Block['attributes'], blocks: Block['blocks'] = {}): Block => ({ attributes, blocks });
const one = (content: Block, min?: 1): NestedBlock => ({ nesting: 'list', max: 1, ...(min ? { min } : {}), block: content });
const empty = block({});

export const providerConfig = block(
  { region: text, allowed_account_ids: { type: ['set', 'string'], optional: true } },
  { default_tags: one(block({ tags: { type: ['map', 'string'], optional: true } })) },
);

const firewallRule: NestedBlock = {
  nesting: 'set',
  block: block(
    { name: needed, priority: { type: 'number', required: true } },
    {
      action: one(block({}, { allow: one(empty), block: one(empty), count: one(empty) })),
      override_action: one(block({}, { count: one(empty), none: one(empty) })),
      statement: one(
        block(
          {},
          {
            rate_based_statement: one(block({ aggregate_key_type: text, limit: { type: 'number', required: true } })),
            managed_rule_group_statement: one(block({ name: needed, vendor_name: needed, version: text })),
          },
        ),
        1,
      ),
      visibility_config: one(
        block({
          cloudwatch_metrics_enabled: { type: 'bool', required: true },
          metric_name: needed,
          sampled_requests_enabled: { type: 'bool', required: true },
        }),
        1,
      ),
    },
  ),
};

/** Puts the part of a resource that the bindings leave open into its block. */
export function completedByHand(type: string, content: Block): Block {
  if (type !== 'aws_wafv2_web_acl') return content;
  const { rule: _any, ...attributes } = content.attributes;
  return { attributes, blocks: { ...content.blocks, rule: firewallRule } };
}
