import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import test from 'node:test';
import { read, root } from './support.mjs';

const workflows = fs.readdirSync(path.join(root, '.github/workflows')).map(name => [name, fs.readFileSync(path.join(root, '.github/workflows', name), 'utf8')]);
const text = name => fs.readFileSync(path.join(root, name), 'utf8');

/** Jobs of a workflow: name and text. */
const jobs = source => source.slice(source.indexOf('\njobs:')).split(/^ {2}(?=[\w-]+:$)/m).slice(1).map(t => [t.slice(0, t.indexOf(':')), t]);

for (const [name, source] of workflows) {
  test(`${name}: actions are pinned to a major version or a commit`, () => {
    for (const m of source.matchAll(/uses: (\S+)/g)) assert.match(m[1], /@(v\d+|[0-9a-f]{40})$/);
  });

  test(`${name}: starts with the right to read, and only jobs that log in may ask for a token`, () => {
    assert.match(source, /^permissions:\n {2}contents: read\n/m);
    for (const [job, body] of jobs(source)) {
      const logsIn = /azure\/login|attest-build-provenance/.test(body);
      assert.equal(/id-token: write/.test(body), logsIn, job);
      assert.doesNotMatch(body, /contents: write|packages: write|permissions: write-all/, job);
    }
  });

  test(`${name}: no stored secret, no caller's text in a script, no credentials left in the checkout`, () => {
    assert.doesNotMatch(source, /secrets\.|creds:|AZURE_CREDENTIALS|publish-profile/);
    for (const m of source.matchAll(/run: (\|\n(?: {10,}.*\n|\n)+|.*\n)/g)) assert.doesNotMatch(m[1], /\$\{\{/, m[1]);
    assert.doesNotMatch(source, /pull_request_target/);
    assert.equal((source.match(/actions\/checkout@/g) ?? []).length, (source.match(/persist-credentials: false/g) ?? []).length);
  });

  test(`${name}: every job is bounded in time`, () => {
    for (const [job, body] of jobs(source)) assert.match(body, /timeout-minutes: \d+/, job);
  });
}

test('ci tests, checks models, dependencies and infrastructure', () => {
  const source = text('.github/workflows/ci.yml');
  for (const step of ['eng/test.sh', 'models verify', 'models test', '--vulnerable', 'npm audit', 'CycloneDX', 'eng/check-infra.sh']) assert.ok(source.includes(step), step);
});

test('deploy previews, waits for approval, releases with a test and a way back', () => {
  const all = Object.fromEntries(jobs(text('.github/workflows/deploy.yml')));
  assert.match(all.preview, /needs: package/);
  assert.match(all.preview, /what-if/);
  assert.match(all.deploy, /needs: preview/);
  assert.match(all.deploy, /environment: \$\{\{ inputs\.environment \}\}/);
  assert.match(all.deploy, /self-hosted/);
  assert.ok(all.deploy.indexOf('deploy.sh') < all.deploy.indexOf('release.sh'));
  assert.ok(all.package.indexOf('eng/test.sh') < all.package.indexOf('upload-artifact'));
  assert.ok(all.package.indexOf('models test') < all.package.indexOf('upload-artifact'));
  assert.match(all.package, /RequireSignatures: 'true'/);
});

test('The pipeline and the docs know every variable that a parameter file reads', () => {
  const all = Object.fromEntries(jobs(text('.github/workflows/deploy.yml')));
  const settings = text('docs/deploy.md').split('| variable | what |')[1].split('\n\n')[0];
  for (const file of fs.readdirSync(path.join(root, 'infra-bicep/environments'))) {
    const variables = [...read(`environments/${file}`).matchAll(/readEnvironmentVariable\('(\w+)'/g)].map(m => m[1]);
    // These two are the first deployment's, which no pipeline makes.
    const given = new Set(variables.filter(name => !['FUNCAI_FIRST_DEPLOYMENT', 'FUNCAI_INITIAL_SECRETS'].includes(name)));
    assert.equal(given.size, 8, file);
    for (const name of given) {
      assert.ok(settings.includes(`\`${name}\``), name);
      for (const job of ['preview', 'deploy']) assert.match(all[job], new RegExp(`^ {6}${name}: \\$\\{\\{ vars\\.${name}\\b`, 'm'), `${job}: ${name}`);
    }
  }
  // An empty variable is not the same as none: a parameter file would take it for the name.
  for (const name of ['FUNCAI_WORKLOAD', 'FUNCAI_ENVIRONMENT']) assert.match(all.deploy, new RegExp(`${name}: \\$\\{\\{ vars\\.${name} \\|\\| `), name);
});

test('What the workflows and azd call exists', () => {
  for (const [, source] of workflows) for (const m of source.matchAll(/(?:infra-bicep|eng)\/[\w-]+\.sh/g)) if (m[0] !== 'eng/test.sh') assert.ok(fs.existsSync(path.join(root, m[0])), m[0]);
  const azd = text('azure.yaml');
  for (const m of azd.matchAll(/(?:path|project): (\S+)|run: bash (\S+)/g)) assert.ok(fs.existsSync(path.join(root, m[1] ?? m[2])), m[0]);
  assert.match(azd, /module: main/);
});

test('azd finds one resource for its service: the app', () => {
  const service = /^services:\n {2}(\w+):/m.exec(text('azure.yaml'))[1];
  const files = ['main.bicep', ...fs.readdirSync(path.join(root, 'infra-bicep/modules')).map(name => `modules/${name}`)];
  const tagged = files.filter(file => read(file).includes('azd-service-name'));
  assert.deepEqual(tagged, ['modules/functionapp-flex.bicep', 'modules/functionapp-premium.bicep']);
  for (const file of tagged) {
    const source = read(file);
    assert.equal(source.match(/azd-service-name/g).length, 1);
    assert.match(source, new RegExp(`resource app 'Microsoft\\.Web/sites@[^']+' = \\{\\n  name: name\\n  location: location\\n.*\\n  tags: union\\(tags, \\{ 'azd-service-name': '${service}' \\}\\)`));
  }
});

test('The container runs as nobody in particular and carries only what it needs', () => {
  const docker = text('Dockerfile');
  assert.match(docker, /^USER [1-9]\d*$/m);
  assert.ok(docker.lastIndexOf('\nUSER') > docker.lastIndexOf('\nCOPY'));
  assert.match(docker, /ORT_DISABLE_TELEMETRY=1/);
  assert.doesNotMatch(docker, /^ADD |:latest|apt-get|curl |wget |chown|chmod|ARG .*(KEY|SECRET|TOKEN|PASSWORD)/m);
  for (const m of docker.matchAll(/_IMAGE=(\S+)/g)) if (m[1].startsWith('mcr')) assert.match(m[1], /:\S+/);
  const ignore = text('.dockerignore').split('\n').filter(line => line && !line.startsWith('#'));
  assert.equal(ignore[0], '**');
  assert.ok(ignore.includes('**/local.settings.json'));
});

test('The container\'s build has every file that a project of the app takes from elsewhere in the repository', () => {
  const allowed = text('.dockerignore').split('\n').filter(line => line.startsWith('!')).map(line => line.slice(1));
  const taken = ['src/FuncAiSecure', 'src/FuncAiSecure.Core'].flatMap(folder =>
    text(`${folder}/${path.basename(folder)}.csproj`).split('\n').filter(line => !line.includes('Condition="Exists('))
      .map(line => /(?:Include|Project)="\.\.\/\.\.\/([^"*]+)/.exec(line)?.[1]).filter(Boolean));
  assert.ok(taken.includes('docs/model.schema.json') && taken.includes('models/'), taken.join());
  for (const file of taken) assert.ok(allowed.some(name => `${file}/`.startsWith(`${name}/`) || file === `${name}/`), file);
});

test('The container brings its runtime, the package uses the one that the platform patches', () => {
  const published = name => [...text(name).matchAll(/dotnet publish \S+ .*/g)].map(m => m[0]);
  for (const [name, selfContained] of [['Dockerfile', 'true'], ['.github/workflows/deploy.yml', 'false']]) {
    assert.equal(published(name).length, 1, name);
    assert.match(published(name)[0], new RegExp(`--configuration Release --runtime linux-x64 --self-contained ${selfContained} `), name);
  }
});

test('The settings table of the docs is the list of the templates', () => {
  const listed = JSON.parse(read('app-settings.json')).settings.map(s => s.name);
  const section = text('docs/deploy.md').split('## Application settings of the deployed app')[1].split('\n## ')[0];
  const documented = [...section.matchAll(/^\| `([^`]+)` \|/gm)].map(m => m[1]);
  assert.deepEqual(documented, listed);
});

test('The docs name every check of the preflight and every script', () => {
  const docs = text('docs/deploy.md');
  const checks = new Set([...read('preflight.sh').matchAll(/\bbad "?([a-z-]+)/g)].map(m => m[1]));
  for (const check of checks) if (!['azure-cli', 'login'].includes(check)) assert.match(docs, new RegExp(`\`${check}[ \`]`), check);
  for (const script of ['preflight.sh', 'deploy.sh', 'release.sh']) assert.ok(docs.includes(script), script);
});
