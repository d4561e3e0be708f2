import {type ChildProcess, execFile, spawn} from 'node:child_process'
import {copyFile, mkdir, realpath, symlink} from 'node:fs/promises'
import path from 'node:path'
import {promisify} from 'node:util'

const run = promisify(execFile)

/** The parts of an image's configuration that a runtime needs. */
interface ImageConfig {
  User: string
  Env: string[]
  Volumes: Record<string, object>
}

/** The programs that these tests need. */
export const programs = ['buildah', 'debootstrap']

/** The storage of buildah in a directory. Images can't be pulled; everything is built from Debian's packages. */
export class Buildah {
  readonly #storage: string[]

  constructor(private readonly folder: string) {
    this.#storage = ['--root', `${folder}/storage`, '--runroot', `${folder}/run`, '--storage-driver', 'vfs']
  }

  /** Runs a subcommand and returns its stdout. Throws if it fails. */
  async do(command: string, ...args: string[]): Promise<string> {
    const maxBuffer = 64 * 1024 * 1024
    const {stdout} = await run('buildah', [...this.#storage, command, ...args], {maxBuffer})
    return stdout.trim()
  }

  /**
   * Starts a command in a container, as the image's user and in its environment, with a read-only root file system and a
   * directory of this machine as its volume. It shares the network of this machine.
   */
  async start(container: string, volume: string, command: string[]): Promise<ChildProcess> {
    const root = await this.do('mount', container)
    const {OCIv1} = JSON.parse(await this.do('inspect', container)) as {OCIv1: {config: ImageConfig}}
    const {User, Env, Volumes} = OCIv1.config
    const [place] = Object.keys(Volumes)
    const script = `set -e
mount --bind "$ROOT" "$ROOT"
mount --bind "$VOLUME" "$ROOT$PLACE"
mount --rbind /proc "$ROOT/proc"
mount --rbind /dev "$ROOT/dev"
mount -o remount,ro,bind "$ROOT"
exec chroot --userspec="$USER_ID" "$ROOT" env -i "$@"`
    const env = {...process.env, ROOT: root, VOLUME: volume, PLACE: place, USER_ID: User}
    return spawn('unshare', ['--mount', 'sh', '-c', script, 'sh', ...Env, ...command], {env})
  }

  /**
   * Builds an image like the official ones of Node.js: Debian with Node.js and npm.
   *
   * @param node the directory in which npm installed the package `node`
   */
  async buildNodeImage(name: string, node: string): Promise<void> {
    const root = path.join(this.folder, 'debian')
    await run('debootstrap', ['--variant=minbase', '--include=ca-certificates', 'bookworm', root])
    await copyFile(path.join(node, 'node_modules/node/bin/node'), path.join(root, 'usr/local/bin/node'))
    // A proxy of this machine may have its own certificate authority.
    await copyFile('/etc/ssl/certs/ca-certificates.crt', path.join(root, 'etc/ssl/certs/ca-certificates.crt'))
    const modules = path.join(root, 'usr/local/lib/node_modules')
    await mkdir(modules, {recursive: true})
    const npm = path.dirname(path.dirname(await realpath((await run('which', ['npm'])).stdout.trim())))
    await run('cp', ['-r', npm, `${modules}/npm`])
    await symlink('../lib/node_modules/npm/bin/npm-cli.js', path.join(root, 'usr/local/bin/npm'))
    const container = await this.do('from', 'scratch')
    await this.do('copy', container, root, '/')
    const certificates = '/etc/ssl/certs/ca-certificates.crt'
    const variables = {
      PATH: '/usr/local/bin:/usr/bin:/bin',
      NODE_EXTRA_CA_CERTS: certificates,
      npm_config_cafile: certificates,
    }
    const env = Object.entries(variables).flatMap(([variable, value]) => ['--env', `${variable}=${value}`])
    await this.do('config', ...env, container)
    await this.do('commit', '--rm', container, name)
  }
}
