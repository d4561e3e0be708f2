import {execFile} from 'node:child_process'
import {existsSync} from 'node:fs'
import {mkdir, mkdtemp, readFile, rename, rm, writeFile} from 'node:fs/promises'
import path from 'node:path'
import {promisify} from 'node:util'

import {inRepository} from './repository.js'

const run = promisify(execFile)

/**
 * Installs npm packages for several test runs, without running their install scripts.
 *
 * @param dependencies exact versions by package
 * @returns the directory that contains `node_modules`
 * @throws {Error} if npm can't install them
 */
export async function installOnce(name: string, dependencies: Readonly<Record<string, string>>): Promise<string> {
  const folder = inRepository(`test-dist/generated/${name}`)
  const manifest = JSON.stringify({private: true, dependencies})
  const isCurrent = (await readFile(path.join(folder, 'package.json'), 'utf8').catch(() => '')) === manifest
  if (isCurrent && existsSync(path.join(folder, 'node_modules'))) return folder
  await mkdir(path.dirname(folder), {recursive: true})
  const stage = await mkdtemp(`${folder}-`)
  try {
    await writeFile(path.join(stage, 'package.json'), manifest)
    const flags = ['--ignore-scripts', '--legacy-peer-deps', '--no-audit', '--no-fund', '--loglevel=error']
    await run('npm', ['install', ...flags], {cwd: stage, timeout: 600_000})
    await rm(folder, {recursive: true, force: true})
    await rename(stage, folder)
  } finally {
    await rm(stage, {recursive: true, force: true})
  }
  return folder
}
