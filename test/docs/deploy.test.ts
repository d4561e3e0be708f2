import assert from 'node:assert/strict'
import {readFileSync} from 'node:fs'
import path from 'node:path'
import {describe, it} from 'node:test'

import {type Command, Config, Parser} from '@oclif/core'
import {parse, parseAllDocuments} from 'yaml'

import {inRepository} from '../support/repository.js'

const read = (file: string) => readFileSync(inRepository(`deploy/${file}`), 'utf8')

/** Parses a command of the registry as the CLI does. @returns the flags */
async function parsed(words: string[]): Promise<Record<string, unknown>> {
  const config = await Config.load(inRepository('packages/plugin-registry'))
  const count = words.findIndex((word) => word.startsWith('-'))
  const command = await config.findCommand(words.slice(0, count).join(':'), {must: true}).load()
  const {flags, baseFlags} = command as unknown as Pick<typeof Command, 'flags' | 'baseFlags'>
  const options = {flags: {...baseFlags, ...flags}, strict: true}
  return (await Parser.parse(words.slice(count), options as never)).flags
}

/** The files that a container reads, by its flags and variables. */
function filesOf(flags: Record<string, unknown>, env: Record<string, string>): string[] {
  const certificate = new URL(String(flags['database'])).searchParams.get('sslrootcert') ?? undefined
  const given = [flags['secret-key-file'], env['PGPASSFILE'], env['AWS_SHARED_CREDENTIALS_FILE'], certificate]
  return given.filter((file): file is string => typeof file === 'string')
}

// The schemas of Kubernetes and Compose aren't checked, only what refers to the registry or to another part of the file.
// Kubernetes reads YAML 1.1, where 0440 is octal.
const manifests = parseAllDocuments(read('kubernetes.yaml'), {version: '1.1'}).map((document) => {
  assert.deepEqual([document.errors, document.warnings], [[], []])
  return document.toJS()
})
const manifest = (kind: string) => manifests.find((each) => each.kind === kind)

describe('deploy/kubernetes.yaml', () => {
  for (const kind of ['Job', 'Deployment']) {
    it(`kubernetes: the command of the ${kind} exists, and its files are mounted with a mode that is accepted`, async () => {
      const {containers, volumes, securityContext} = manifest(kind).spec.template.spec
      const [container] = containers
      const flags = await parsed(container.args)
      const env = Object.fromEntries(container.env.map(({name, value}: any) => [name, value]))
      const {secret} = volumes.find(({name}: any) => name === 'secrets')
      const folder = container.volumeMounts.find(({name}: any) => name === 'secrets').mountPath
      const mounted = secret.items.map((item: any) => path.posix.join(folder, item.path))
      assert.deepEqual(filesOf(flags, env).sort(), mounted.sort())
      // Read-only for the group, which is that of the registry, and nothing for others.
      assert.deepEqual([secret.defaultMode, securityContext.fsGroup], [0o440, 10_001])
      assert.equal(container.securityContext.readOnlyRootFilesystem, true)
    })
  }

  it('kubernetes: probes, ports and labels fit together', async () => {
    const {spec} = manifest('Deployment')
    const [container] = spec.template.spec.containers
    const flags = await parsed(container.args)
    const [port] = container.ports
    assert.equal(port.containerPort, flags['port'])
    assert.deepEqual(
      [container.readinessProbe.httpGet, container.livenessProbe.httpGet],
      [
        {path: '/readyz', port: port.name},
        {path: '/healthz', port: port.name},
      ],
    )
    assert.equal(manifest('Service').spec.ports[0].targetPort, port.name)
    const scratch = container.volumeMounts.find(({name}: any) => name === 'scratch').mountPath
    assert.equal(path.posix.dirname(String(flags['scratch'])), scratch)
    const labels = [spec.selector.matchLabels, manifest('PodDisruptionBudget').spec.selector.matchLabels]
    for (const each of [...labels, manifest('Service').spec.selector]) {
      assert.deepEqual(each, spec.template.metadata.labels)
    }
    assert.ok(spec.replicas > manifest('PodDisruptionBudget').spec.minAvailable)
  })
})

describe('deploy/compose.yaml', () => {
  const {services, secrets, volumes} = parse(read('compose.yaml'), {merge: true})

  for (const name of ['registry-1', 'registry-2', 'migrate']) {
    it(`compose: the command of ${name} exists, and its files are secrets`, async () => {
      const service = services[name]
      const flags = await parsed(service.command)
      const files = filesOf(flags, service.environment)
      assert.deepEqual(files.sort(), service.secrets.map((secret: string) => `/run/secrets/${secret}`).sort())
      const {hostname, username, pathname} = new URL(String(flags['database']))
      const {POSTGRES_USER, POSTGRES_DB} = services[hostname].environment
      assert.deepEqual([username, pathname], [POSTGRES_USER, `/${POSTGRES_DB}`])
      if (flags['port'] !== undefined) assert.deepEqual(service.expose, [`${flags['port'] as number}`])
    })
  }

  it('compose: every secret, volume and service that is named exists', () => {
    for (const [name, service] of Object.entries<any>(services)) {
      for (const secret of service.secrets ?? []) assert.ok(secrets[secret], `${name}: ${secret}`)
      for (const needed of Object.keys(service.depends_on ?? {})) assert.ok(services[needed], `${name}: ${needed}`)
      for (const volume of (service.volumes ?? []).filter((each: unknown) => typeof each === 'string')) {
        assert.ok(volume.split(':')[0] in volumes, `${name}: ${volume}`)
      }
    }
    const endpoint = new URL(services['registry-1'].environment.AWS_ENDPOINT_URL_S3)
    assert.ok(services[endpoint.hostname].entrypoint.at(-1).includes(`--port :${endpoint.port} `))
  })
})
