import { startApp, type TestApp } from '@emporium/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadConfig, tinyModule } from '../../test/tiny.service.ts';

describe('who may call what', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startApp({ name: 'product', module: tinyModule, config: loadConfig });
  });
  afterAll(() => app.close());

  it('answers a signed-in user through the gateway', async () => {
    const { status, body, headers } = await app.request('POST', '/v1/things', { as: { sub: 'ann' }, body: { name: 'cup' } });

    expect(status).toBe(201);
    expect(body).toMatchObject({ name: 'cup', owner: 'ann' });
    expect(headers.get('location')).toBe('/v1/things/1');
  });
});
