import { setTimeout as sleep } from 'node:timers/promises';
import type { Experiment } from '../experiment.ts';

const STORES = ['postgres-0', 'provider-simulator-0'];

export const volumeSurvives: Experiment = {
  id: 'volume-survives',
  title: 'what was bought is still there when the pods of the stores were deleted',
  run: async ({ kubectl, platform, shop, measure, wrong }) => {
    const since = new Date();
    const [token, product] = [await shop.customer(), await shop.newProduct(5)];
    const { id } = await shop.buy(token, product);
    const volumes = async () =>
      (await kubectl.list('pvc'))
        .map(({ spec }) => spec.volumeName)
        .toSorted()
        .join(' ');
    const volumesBefore = await volumes();
    const uids = async () => {
      const pods = await kubectl.list('pods');
      return STORES.map((name) => pods.find(({ metadata }) => metadata.name === name)?.metadata.uid);
    };
    const uidsBefore = await uids();
    const began = performance.now();

    // Without waiting: they come again under their names, and kubectl would wait for those, too.
    await kubectl.run(['delete', 'pod', ...STORES, '--wait=false']);
    while ((await uids()).some((uid) => uid === undefined || uidsBefore.includes(uid))) await sleep(500);
    await platform.rolledOut(180);
    await platform.twoOfEach();

    measure(`all is ready again after ${((performance.now() - began) / 1_000).toFixed(0)} s`);
    if ((await volumes()) !== volumesBefore) wrong('the volumes are others');
    const order = await shop.must(200, 'GET', `/v1/orders/${id}`, { token });
    measure(`the order is still ${order.status}`);
    if (order.status !== 'confirmed') wrong(`the order is ${order.status}`);
    for (const difference of await shop.differences(since)) wrong(difference);
  },
};
