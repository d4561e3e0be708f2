import assert from 'node:assert/strict'
import {execFile} from 'node:child_process'
import {once} from 'node:events'
import {existsSync} from 'node:fs'
import {chown, mkdir, readFile, writeFile} from 'node:fs/promises'
import path from 'node:path'
import {after, before, describe, it} from 'node:test'
import {fileURLToPath} from 'node:url'
import {promisify} from 'node:util'

import {firstLine, machine, password, temporaryFolder, type CleanupScope} from '../proxy/processes.js'

import {Buildah, programs} from './buildah.js'

const run = promisify(execFile)
const repository = fileURLToPath(new URL('../../../../', import.meta.url))

/** A reason to skip these tests. With CI=true, they fail instead. */
function whyNot(): string | false {
  if (process.env['CI'] === 'true') return false
  if (process.getuid?.() !== 0) return 'only root can build images'
  const folders = (process.env['PATH'] ?? '').split(path.delimiter)
  const missing = programs.find((name) => !folders.some((folder) => existsSync(path.join(folder, name))))
  return missing !== undefined && `${missing} is not installed`
}

describe('deploy/Containerfile', {skip: whyNot()}, () => {
  const cleanups: (() => unknown)[] = []
  const scope: CleanupScope = {after: (clean) => cleanups.unshift(clean)}
  let buildah: Buildah
  let container: string

  before(async () => {
    const folder = await temporaryFolder(scope)
    const node = path.join(folder, 'node')
    await mkdir(node)
    await run('npm', ['install', '--silent', '--no-audit', '--no-fund', '--prefix', node, 'node@22'])
    buildah = new Buildah(folder)
    await buildah.buildNodeImage('localhost/node', node)
    await buildah.do(
      ...(['bud', '--quiet', '--isolation', 'chroot', '--format', 'docker'] as const),
      ...[
        '--build-arg',
        'NODE_IMAGE=localhost/node',
        '--ignorefile',
        `${repository}/deploy/Containerfile.dockerignore`,
      ],
      ...['--file', `${repository}/deploy/Containerfile`, '--tag', 'localhost/apkg-registry', repository],
    )
    container = await buildah.do('from', 'localhost/apkg-registry')
  })

  after(async () => {
    for (const clean of cleanups) await clean()
  })

  const inside = (...command: string[]) => buildah.do('run', '--isolation', 'chroot', container, '--', ...command)

  /** The command of the image's health check, for another port. */
  async function healthCheck(port: string): Promise<string[]> {
    const {Docker} = JSON.parse(await buildah.do('inspect', 'localhost/apkg-registry')) as {
      Docker: {config: {Healthcheck: {Test: string[]}}}
    }
    const [kind, ...command] = Docker.config.Healthcheck.Test
    assert.equal(kind, 'CMD')
    return command.map((word) => word.replace(':4873/', `:${port}/`))
  }

  it('image: runs as a user that can write only to the volume', async () => {
    assert.equal(await inside('id', '--user'), '10001')
    const find = 'find / -xdev -writable -not -type l -not -path "/proc/*" -not -path "/dev/*" -not -path "/sys/*"'
    const writable = (await inside('sh', '-c', `${find} -not -path "/tmp" -not -path "/var/tmp" 2>/dev/null || :`))
      .split('\n')
      .filter((file) => file !== '' && !['/run/lock', '/var/lib/apkg'].some((each) => file.startsWith(each)))
    assert.deepEqual(writable, [])
    assert.match(await inside('stat', '--format', '%a', '/var/lib/apkg'), /^700$/)
  })

  it('image: with a read-only root file system, a user logs in and publishes, and another one installs', async (t) => {
    const volume = await temporaryFolder(t)
    await chown(volume, 10_001, 10_001)
    const data = ['--data', '/var/lib/apkg/data']
    const start = (...command: string[]) => buildah.start(container, volume, command)
    const adding = await start(
      ...['apkg', 'registry', 'user', 'add', 'ada', '--email', 'ada@example.com', '--password-stdin', ...data],
    )
    adding.stdin?.end(password)
    let errors = ''
    adding.stderr?.setEncoding('utf8').on('data', (text: string) => (errors += text))
    const [status] = (await once(adding, 'close')) as [number]
    assert.equal(status, 0, errors)

    const serving = await start('apkg', 'registry', 'serve', '--port', '0', '--json', ...data)
    t.after(() => serving.kill('SIGTERM'))
    const {url} = JSON.parse(await firstLine(serving)) as {url: string}
    const check = await healthCheck(new URL(url).port)
    await inside(...check)

    const env = {APKG_REGISTRY: url}
    const apkg = await machine(t)
    const succeed = async (args: string[], options: {input?: string; cwd?: string} = {}) => {
      const {exitCode, stdout, stderr} = await apkg(args, {env, ...options})
      assert.equal(exitCode, 0, stderr)
      return stdout
    }
    await succeed(['login', '--username', 'ada', '--password-stdin'], {input: password})
    const skill = path.join(await temporaryFolder(t), 'greeter')
    await mkdir(skill)
    await succeed(['init', '--name', '@ada/greeter', '--type', 'skill'], {cwd: skill})
    const definition = '---\nname: greeter\ndescription: Greets whoever opens the project\n---\n\nSay hello.\n'
    await writeFile(path.join(skill, 'SKILL.md'), definition)
    await succeed(['publish'], {cwd: skill})
    const project = await temporaryFolder(t)
    await succeed(['add', '@ada/greeter'], {cwd: project})
    assert.equal(
      await readFile(path.join(project, 'apkg_packages/@ada/greeter/SKILL.md'), 'utf8'),
      await readFile(path.join(skill, 'SKILL.md'), 'utf8'),
    )

    serving.kill('SIGTERM')
    await once(serving, 'exit')
    await assert.rejects(inside(...check))
    const again = await start('apkg', 'registry', 'serve', '--port', '0', '--json', ...data)
    t.after(() => again.kill('SIGTERM'))
    const {url: restarted} = JSON.parse(await firstLine(again)) as {url: string}
    const {exitCode} = await apkg(['info', '@ada/greeter', '--registry', restarted])
    assert.equal(exitCode, 0)
    again.kill('SIGTERM')
    await once(again, 'exit')
  })
})
