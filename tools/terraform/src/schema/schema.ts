/** A type as Terraform writes it in JSON: `"string"`, `["list","string"]`, `["object",{…}]`. */
export type TerraformType = string | [string, TerraformType | Record<string, TerraformType>];

export interface Attribute {
  type: TerraformType;
  required?: true;
  optional?: true;
  computed?: true;
  writeOnly?: true;
}

export interface NestedBlock {
  nesting: 'single' | 'list' | 'set' | 'map';
  min?: 1;
  max?: 1;
  block: Block;
}

export interface Block {
  attributes: Record<string, Attribute>;
  blocks: Record<string, NestedBlock>;
}

/** What `terraform validate` needs of a provider: names, types, and what must, may and cannot be set. */
export interface ProviderSchema {
  provider: { name: string; version: string; source: string };
  config: Block;
  resources: Record<string, Block>;
  data: Record<string, Block>;
}
