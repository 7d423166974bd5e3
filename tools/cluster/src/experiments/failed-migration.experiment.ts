import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { NotRun } from '../cluster/cluster.ts';
import { attempt, run } from '../command.ts';
import type { Experiment, Lab } from '../experiment.ts';
import { OVERLAY } from '../platform.ts';

const TAG = 'broken-migration';
const BROKEN =
  '-- Up Migration\nalter table orders add column note text;\nselect no_such_function();\n\n-- Down Migration\nselect 1;\n';

export const failedMigration: Experiment = {
  id: 'failed-migration',
  title: 'a release whose migration fails takes nothing over, and the old one sells on',
  run: async (lab) => {
    const { cluster, kubectl, platform, shop, say, measure, wrong } = lab;
    if (cluster.load === undefined)
      throw new NotRun('an image with a broken migration cannot be put on the nodes of a foreign cluster');
    const folder = mkdtempSync(join(tmpdir(), 'emporium-release-'));
    try {
      await buildBroken(folder);
      await cluster.load([`emporium/order:${TAG}`]);
      const [token, product] = [await shop.customer(), await shop.newProduct(10)];

      await kubectl.run(['apply', '-k', release(folder)]);
      await platform.holdAutoscalers();

      await kubectl.run(['wait', `job/migrate-order-${TAG}`, '--for=condition=Failed', '--timeout=120s']);
      say((await kubectl.run(['logs', `job/migrate-order-${TAG}`])).slice(-300));
      const { code } = await kubectl.attempt(['rollout', 'status', 'deployment/order', '--timeout=15s']);
      if (code === 0) wrong('the roll-out went through');
      const pods = await platform.pods('order');
      const stuck = pods.filter(({ status }) => status.initContainerStatuses?.[0]?.state?.running !== undefined);
      const ready = await platform.readyPods('order');
      const order = await shop.buy(token, product);
      measure(`the migration failed, ${stuck.length} new pod waits, ${ready} old ones serve, a purchase is ${order.status}`);
      if (stuck.length !== 1 || ready !== 2) wrong(`${stuck.length} pods wait and ${ready} are ready, instead of 1 and 2`);
    } finally {
      await back(lab);
      rmSync(folder, { recursive: true });
    }
    measure('back on the old release');
  },
};

async function buildBroken(folder: string): Promise<void> {
  writeFileSync(join(folder, '9999_broken.sql'), BROKEN);
  writeFileSync(join(folder, 'Dockerfile'), 'FROM emporium/order:dev\nCOPY 9999_broken.sql migrations/\n');
  await run('docker', ['build', '--quiet', '--tag', `emporium/order:${TAG}`, folder]);
}

/** What a release is: another tag, for the service and for the name of its migration. */
function release(folder: string): string {
  writeFileSync(
    join(folder, 'kustomization.yaml'),
    `apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
resources: [${relative(folder, OVERLAY)}]
images: [{ name: emporium/order, newTag: ${TAG} }]
patches:
  - target: { kind: Job, name: migrate-order-dev }
    options: { allowNameChange: true }
    patch: |
      - { op: replace, path: /metadata/name, value: migrate-order-${TAG} }
      - { op: replace, path: /spec/backoffLimit, value: 0 }
`,
  );
  return folder;
}

async function back({ kubectl, platform }: Lab): Promise<void> {
  await kubectl.attempt(['delete', 'job', `migrate-order-${TAG}`, '--ignore-not-found']);
  await kubectl.run(['apply', '-k', OVERLAY]);
  await platform.holdAutoscalers();
  await platform.rolledOut(180);
  // The last of its pods may take its time.
  await sleep(1_000);
  await attempt('docker', ['image', 'rm', `emporium/order:${TAG}`]);
}
