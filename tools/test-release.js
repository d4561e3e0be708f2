/**
 * Lays out the release that tests start as `apkg`: it is what users run, and it starts five times as fast as the
 * checkout.
 */
import {createHash} from 'node:crypto'
import {chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'

import {generatedFolder} from './compile-tests.js'
import {bundled, layOutProgram} from './release/lay-out.js'
import {filesBelow, root} from './workspace.js'

const folder = join(root, generatedFolder)

const release = join(folder, 'release')

/** The digest of what the release was made from. */
const stamp = join(release, 'made-from')

const sourceFolders = [...bundled.map((name) => join(name, 'dist')), 'tools/release']

const sourceFiles = [...bundled.map((name) => join(name, 'package.json')), 'package-lock.json', 'oclif.manifest.json']

/** Lays out the release again if what it is made from has changed. */
export async function layOutTestRelease() {
  const digest = digestOfSources()
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === digest) return
  mkdirSync(folder, {recursive: true})
  const stage = mkdtempSync(join(folder, 'stage-'))
  try {
    await layOutProgram(stage)
    writeFileSync(join(stage, 'made-from'), digest)
    // Tests start it as other users too, and a temporary directory is private.
    chmodSync(stage, 0o755)
    rmSync(release, {recursive: true, force: true})
    renameSync(stage, release)
  } finally {
    rmSync(stage, {recursive: true, force: true})
  }
}

function digestOfSources() {
  const below = sourceFolders.flatMap((name) => filesBelow(join(root, name)).map((path) => join(name, path)))
  const hash = createHash('sha256')
  for (const path of [...below, ...sourceFiles]) {
    if (!path.endsWith('.map')) hash.update(`${path}\n`).update(readFileSync(join(root, path)))
  }
  return hash.digest('hex')
}
