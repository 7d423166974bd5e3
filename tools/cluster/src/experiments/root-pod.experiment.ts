import type { Experiment } from '../experiment.ts';

const NAME = 'cluster-test-root';

const pod = (security: string, podSecurity = '') => `
apiVersion: v1
kind: Pod
metadata: { name: ${NAME} }
spec:
  ${podSecurity}
  containers: [{ name: root, image: "emporium/gateway:dev", securityContext: ${security} }]
`;

const SOUND = 'allowPrivilegeEscalation: false, capabilities: { drop: [ALL] }, seccompProfile: { type: RuntimeDefault }';

const FORBIDDEN: Readonly<Record<string, string>> = {
  'a pod that is root': pod(`{ ${SOUND}, runAsNonRoot: false, runAsUser: 0 }`),
  'a pod that does not say': pod('{}'),
  'a privileged pod': pod('{ privileged: true }'),
  'a pod on the network of its node': pod(`{ ${SOUND}, runAsNonRoot: true }`, 'hostNetwork: true'),
};

export const rootPod: Experiment = {
  id: 'root-pod',
  title: 'the namespace refuses pods that could harm their node',
  run: async ({ kubectl, measure, wrong }) => {
    for (const [what, manifest] of Object.entries(FORBIDDEN)) {
      const { code, stderr } = await kubectl.attempt(['apply', '-f', '-'], { input: manifest });
      if (code === 0) wrong(`${what} is let in`);
      else if (!stderr.includes('violates PodSecurity')) wrong(`${what} is refused for another reason: ${stderr.slice(0, 200)}`);
      else measure(`${what} is refused`);
    }
    // The same text with nothing wrong in it: what was refused was the security, not a typing error.
    const sound = pod(`{ ${SOUND}, runAsNonRoot: true }`);
    const { code, stderr } = await kubectl.attempt(['apply', '--dry-run=server', '-f', '-'], { input: sound });
    if (code !== 0) wrong(`a sound pod is refused, too: ${stderr.slice(0, 200)}`);
    await kubectl.attempt(['delete', 'pod', NAME, '--ignore-not-found', '--wait=false']);
  },
};
