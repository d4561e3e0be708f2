import {join} from 'node:path'

import {assertNoLeftovers, root} from '../workspace.js'
import {bundle} from './bundle.js'
import {hooksInOneFile} from './entries.js'
import {layOutPages} from './packed-pages.js'
import {copy, published, readManifest, writeManifest} from './stage.js'

/** The packages whose `dist` is bundled. */
export const bundled = ['', 'packages/wire', 'packages/package-format', 'packages/command-kit']

/** Writes the bundled CLI and its pages to `stage`. */
export async function layOutRelease(stage) {
  for (const folder of bundled) assertNoLeftovers(folder)
  await layOutProgram(stage)
  layOutPages(stage)
  copy('', 'LICENSE', join(stage, 'LICENSE'))
}

/**
 * Copies yarn, which `@oclif/plugin-plugins` runs to link a plugin, without its install script: the script removes the yarn
 * of Corepack from a global installation, and npm warns about it.
 *
 * @returns the dependency.
 */
function layOutYarn(stage) {
  const folder = join('node_modules', 'yarn')
  const place = join(stage, folder)
  for (const path of ['bin', 'lib', 'LICENSE', 'README.md']) copy(folder, path, join(place, path))
  const {scripts: _, ...manifest} = readManifest(folder)
  writeManifest(place, manifest)
  return {[manifest.name]: manifest.version}
}

/**
 * Writes the bundled CLI to `stage`. The core plugins are not bundled; they are dependencies, pinned to the versions
 * whose manifests the bundle contains.
 */
export async function layOutProgram(stage) {
  const {type: _, dependencies: _bundled, ...manifest} = published(readManifest(''))
  const core = manifest.oclif.plugins.map((name) => {
    const folder = join('node_modules', name)
    return {folder: join(root, folder), pjson: readManifest(folder)}
  })
  const pjson = {
    ...manifest,
    files: ['bin/run.js', 'dist', 'docs', 'schemas', 'CHANGELOG.md', 'SECURITY.md', 'THIRD_PARTY_LICENSES.txt'],
    dependencies: {
      ...Object.fromEntries(core.map((plugin) => [plugin.pjson.name, plugin.pjson.version])),
      ...layOutYarn(stage),
    },
    bundleDependencies: ['yarn'],
    oclif: {...manifest.oclif, hooks: hooksInOneFile(manifest.oclif.hooks)},
  }
  await bundle(stage, pjson, core, manifest.oclif.hooks)
  writeManifest(stage, pjson)
}
