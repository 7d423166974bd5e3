import { describe, expect, it } from 'vitest';
import { readBinding } from './bindings.ts';

const member = (name: string, flags: [boolean, boolean, boolean], read: string) =>
  `    // ${name} - computed: ${flags[0]}, optional: ${flags[1]}, required: ${flags[2]}\n    ${read}\n    }\n`;

const source = `
function thingWheelToHclTerraform(struct) {
    const attrs = {
        bolts: { value: 1, isBlock: false, type: "simple" },
    };
}
class ThingWheelOutputReference extends cdktn.ComplexObject {
${member('bolts', [false, false, true], "get bolts() { return this.getNumberAttribute('bolts');")}
}
class ThingTimeoutsOutputReference extends cdktn.ComplexObject {
${member('create', [false, true, false], "get create() { return this.getStringAttribute('create');")}
}
class ThingStatusOutputReference extends cdktn.ComplexObject {
${member('reason', [true, false, false], "get reason() { return this.getStringAttribute('reason');")}
}
class Thing extends cdktn.TerraformResource {
    static tfResourceType = "aws_thing";
    providerVersion: '6.66.0',
${member('name', [false, false, true], "get name() { return this.getStringAttribute('name');")}
${member('zones', [true, true, false], "get zones() { return cdktn.Fn.tolist(this.getListAttribute('zones'));")}
${member('tags', [false, true, false], "get tags() { return this.getStringMapAttribute('tags');")}
${member('password_wo', [false, true, false], "/** @deprecated Write-only: */ get passwordWo() { return this.getStringAttribute('password_wo');")}
${member('status', [true, false, false], '_status = new ThingStatusList(this, "status", false);')}
${member('wheel', [false, true, false], '_wheel = new ThingWheelList(this, "wheel", true);')}
${member('spare', [false, false, true], '_spare = new ThingWheelOutputReference(this, "spare");')}
${member('timeouts', [false, true, false], '_timeouts = new ThingTimeoutsOutputReference(this, "timeouts");')}
    synthesizeHclAttributes() {
        const attrs = {
            spare: { value: 1, isBlock: true, type: "list" },
            timeouts: { value: 1, isBlock: true, type: "struct" },
        };
    }
}
`;

describe('the schema of generated bindings', () => {
  const { type, version, block } = readBinding(source);

  it('has the name and the version of the provider', () => {
    expect({ type, version }).toEqual({ type: 'aws_thing', version: '6.66.0' });
  });

  it('has attributes with their types, and what must, may and cannot be set', () => {
    expect(block.attributes).toEqual({
      name: { type: 'string', required: true },
      zones: { type: ['set', 'string'], optional: true, computed: true },
      tags: { type: ['map', 'string'], optional: true },
      password_wo: { type: 'string', optional: true, writeOnly: true },
      status: { type: ['list', ['object', { reason: 'string' }]], computed: true },
    });
  });

  it('tells sets of blocks, lists of at most one, and single blocks apart', () => {
    const bolts = { attributes: { bolts: { type: 'number', required: true } }, blocks: {} };

    expect(block.blocks).toEqual({
      wheel: { nesting: 'set', block: bolts },
      spare: { nesting: 'list', min: 1, max: 1, block: bolts },
      timeouts: { nesting: 'single', block: { attributes: { create: { type: 'string', optional: true } }, blocks: {} } },
    });
  });

  it('refuses what is no file of bindings, and what is read in a way it does not know', () => {
    expect(() => readBinding('class Thing {}')).toThrow('no file of provider bindings');
    expect(() => readBinding(source.replace('getStringMapAttribute', 'getSomethingElse'))).toThrow('unknown way');
  });
});
