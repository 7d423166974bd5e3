import { describe, expect, it } from 'vitest';
import { type Container, isTask, networksOf, secretsInSight, strangePorts, wrongWithContainer } from './container.ts';

const containerOf = (service: string, changes: Partial<Container> = {}): Container => ({
  Id: service,
  Config: { User: '10001:10001', Env: [], Labels: { 'com.docker.compose.service': service } },
  State: { Running: true, Pid: 1, ExitCode: 0, OOMKilled: false },
  HostConfig: {
    ReadonlyRootfs: true,
    CapDrop: ['ALL'],
    SecurityOpt: ['no-new-privileges:true'],
    Memory: 1,
    NanoCpus: 1,
    PidsLimit: 1,
    RestartPolicy: { Name: 'unless-stopped' },
  },
  NetworkSettings: { Ports: {}, Networks: {} },
  ...changes,
});
const withPort = (service: string, port: string, HostIp: string) =>
  containerOf(service, {
    NetworkSettings: { Ports: { [port]: [{ HostIp, HostPort: '8080' }], '9001/tcp': null }, Networks: {} },
  });

describe('a container', () => {
  it('is fine when it can do nothing it need not', () => {
    expect(wrongWithContainer(containerOf('order'))).toEqual([]);
  });

  it('is wrong in every way that was left open', () => {
    const open = containerOf('order', {
      Config: { User: '', Labels: { 'com.docker.compose.service': 'order' } },
      HostConfig: {
        ...{ ReadonlyRootfs: false, CapDrop: null, SecurityOpt: null },
        ...{ Memory: 0, NanoCpus: 0, PidsLimit: null, RestartPolicy: { Name: 'no' } },
      },
    });

    expect(wrongWithContainer(open)).toHaveLength(7);
    expect(isTask(open)).toBe(true);
  });
});

describe('published ports', () => {
  const door = { service: 'gateway', port: 8080 };

  it("are the shop's door alone", () => {
    expect(strangePorts([withPort('gateway', '8080/tcp', '127.0.0.1'), containerOf('order')], door)).toEqual([]);
  });

  it('are strange at another address, of another service, and when the door is missing', () => {
    const postgres = withPort('postgres', '5432/tcp', '0.0.0.0');

    expect(strangePorts([withPort('gateway', '8080/tcp', '127.0.0.1'), postgres], door)).toEqual([
      'postgres 5432/tcp at 0.0.0.0:8080',
    ]);
    expect(strangePorts([withPort('gateway', '8080/tcp', '0.0.0.0')], door)).toEqual([
      'gateway 8080/tcp at 127.0.0.1:8080 is missing',
      'gateway 8080/tcp at 0.0.0.0:8080',
    ]);
  });
});

describe('variables', () => {
  it('that hold a secret are named without it', () => {
    const Config = { ...containerOf('order').Config, Env: ['LOG_LEVEL=info', 'DATABASE_URL=postgresql://app:s3cret@db'] };

    expect(secretsInSight([containerOf('order', { Config })], ['s3cret'])).toEqual(['order DATABASE_URL']);
  });
});

describe('networks', () => {
  it('are named without the project', () => {
    const NetworkSettings = { Ports: {}, Networks: { shop_services: {}, shop_data: {} } };

    expect(networksOf([containerOf('order', { NetworkSettings })], 'order', 'shop')).toEqual(['data', 'services']);
  });
});
