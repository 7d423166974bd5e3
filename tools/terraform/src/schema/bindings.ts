import type { Attribute, Block, NestedBlock, TerraformType } from './schema.ts';

// The generated bindings say everything in one shape: a comment with name and flags, and below it how the value is read.
const member = /\/\/ (\w+) - computed: (true|false), optional: (true|false), required: (true|false)\n([\s\S]*?)\n {4}}/g;
const nested = /new (\w+?)(List|Map|OutputReference)\(this, "\w+"(?:, (true|false))?\)/;
const readers: [RegExp, TerraformType][] = [
  [/tolist\(this\.getNumberListAttribute/, ['set', 'number']],
  [/tolist\(this\.getListAttribute/, ['set', 'string']],
  [/getNumberListAttribute/, ['list', 'number']],
  [/getListAttribute/, ['list', 'string']],
  [/getStringMapAttribute|new cdktn\.StringMap\(/, ['map', 'string']],
  [/getNumberMapAttribute/, ['map', 'number']],
  [/getBooleanMapAttribute/, ['map', 'bool']],
  [/getStringAttribute/, 'string'],
  [/getNumberAttribute/, 'number'],
  [/getBooleanAttribute/, 'bool'],
  [/interpolationForAttribute/, 'dynamic'],
];

interface Member {
  name: string;
  computed: boolean;
  optional: boolean;
  required: boolean;
  read: string;
}

function membersOf(source: string, className: string): Member[] {
  const start = source.indexOf(`class ${className} extends `);
  if (start < 0) throw new Error(`the bindings have no class ${className}`);
  const body = source.slice(start, source.indexOf('\n}\n', start));
  return [...body.matchAll(member)].map(([, name = '', computed, optional, required, read = '']) => ({
    name,
    computed: computed === 'true',
    optional: optional === 'true',
    required: required === 'true',
    read,
  }));
}

function simpleType(read: string, name: string): TerraformType {
  const found = readers.find(([pattern]) => pattern.test(read));
  if (!found) throw new Error(`${name} is read in an unknown way: ${read}`);
  return found[1];
}

function attributeOf(item: Member, type: TerraformType): Attribute {
  return {
    type,
    ...(item.required ? { required: true } : {}),
    ...(item.optional ? { optional: true } : {}),
    ...(item.computed ? { computed: true } : {}),
    ...(item.read.includes('Write-only:') ? { writeOnly: true } : {}),
  };
}

function objectType(source: string, className: string): TerraformType {
  const members = membersOf(source, `${className}OutputReference`);
  return ['object', Object.fromEntries(members.map((item) => [item.name, typeOf(source, item)]))];
}

function typeOf(source: string, item: Member): TerraformType {
  const [found, className = '', kind, fromSet] = nested.exec(item.read) ?? [];
  if (!found) return simpleType(item.read, item.name);
  const element = objectType(source, className);
  if (kind === 'Map') return ['map', element];
  if (kind === 'List') return [fromSet === 'true' ? 'set' : 'list', element];
  return element;
}

/** How the generated code writes a nested value: Terraform's blocks of one, which are lists, and single ones look alike otherwise. */
function writtenAsList(source: string, owner: string, name: string): boolean {
  const functionName = `function ${owner.charAt(0).toLowerCase()}${owner.slice(1)}ToHclTerraform(`;
  const inFunction = source.indexOf(functionName);
  const start =
    inFunction < 0 ? source.indexOf('synthesizeHclAttributes()', source.indexOf(`class ${owner} extends `)) : inFunction;
  const entry = new RegExp(`\\b${name}: \\{[^}]*?type: "(\\w+)"`).exec(source.slice(start));
  if (!entry) throw new Error(`${owner} does not write ${name}`);
  return entry[1] !== 'struct';
}

function nestedBlock(source: string, owner: string, item: Member): NestedBlock {
  const [, className = '', kind, fromSet] = nested.exec(item.read) ?? [];
  const block = blockOf(source, `${className}OutputReference`, className);
  const least = item.required ? ({ min: 1 } as const) : {};
  if (kind === 'Map') return { nesting: 'map', block };
  if (kind === 'List') return { nesting: fromSet === 'true' ? 'set' : 'list', ...least, block };
  return writtenAsList(source, owner, item.name) ? { nesting: 'list', ...least, max: 1, block } : { nesting: 'single', block };
}

/** The schema of a class of the bindings. What is computed and has parts is an attribute; blocks are never computed. */
function blockOf(source: string, className: string, owner: string): Block {
  const block: Block = { attributes: {}, blocks: {} };
  for (const item of membersOf(source, className)) {
    if (nested.test(item.read) && !item.computed) block.blocks[item.name] = nestedBlock(source, owner, item);
    else block.attributes[item.name] = attributeOf(item, typeOf(source, item));
  }
  return block;
}

/** The schema of the resource, data source or provider that a file of the bindings describes, and its name in Terraform. */
export function readBinding(source: string): { type: string; block: Block; version: string } {
  const [, className = ''] = /class (\w+) extends cdktn\.Terraform(?:Resource|DataSource|Provider) /.exec(source) ?? [];
  const [, type = ''] = /static tfResourceType = "(\w+)"/.exec(source) ?? [];
  const [, version = ''] = /providerVersion: '([\d.]+)'/.exec(source) ?? [];
  if (!className || !type || !version) throw new Error('this is no file of provider bindings');
  return { type, block: blockOf(source, className, className), version };
}
