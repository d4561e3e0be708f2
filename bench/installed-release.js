import {execFile} from 'node:child_process'
import path from 'node:path'
import {fileURLToPath} from 'node:url'
import {promisify} from 'node:util'

const execute = promisify(execFile)

/**
 * Packs the CLI and installs it as a user would. npm needs access to its registry, so this uses the current environment.
 *
 * @param folder the directory for the release and its prefix
 * @returns the path of the installed entry point
 */
export async function installRelease(folder) {
  const pack = fileURLToPath(new URL('../tools/pack.js', import.meta.url))
  const {stdout} = await execute(process.execPath, [pack, '--out', path.join(folder, 'release')])
  const [tarball] = stdout.trim().split('\n')
  const prefix = path.join(folder, 'prefix')
  const flags = ['--no-audit', '--no-fund', '--ignore-scripts', '--prefix', prefix]
  await execute('npm', ['install', '--global', ...flags, tarball])
  return path.join(prefix, 'lib/node_modules/apkg/bin/run.js')
}
