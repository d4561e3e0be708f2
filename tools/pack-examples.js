#!/usr/bin/env node
/**
 * Packs the plugins in `examples/` as their authors would: `node tools/pack-examples.js [--out folder]`. They depend on
 * the kit that is packed here instead of the one on the npm registry. Prints the paths of the tarballs to stdout, one per
 * line.
 */
import {spawnSync} from 'node:child_process'
import {cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join, resolve} from 'node:path'
import {parseArgs} from 'node:util'

import {build, fail, root} from './workspace.js'

/** The packages that plugins depend on, each with the files that its tarball must contain. */
const kit = {
  'packages/wire': ['dist/protocol/index.js'],
  'packages/command-kit': ['dist/testing/index.d.ts', 'README.md'],
}

const {values} = parseArgs({options: {out: {type: 'string', default: 'release'}}})
const out = resolve(values.out)
mkdirSync(out, {recursive: true})
build()

const packedKit = Object.entries(kit).map(([folder, needed]) => {
  const {name, filename, files} = pack(join(root, folder))
  const paths = files.map(({path}) => path)
  const missing = ['LICENSE', 'dist/index.js', 'dist/index.d.ts', ...needed].filter((path) => !paths.includes(path))
  if (missing.length > 0) fail(`${filename} does not contain ${missing.join(', ')}.`)
  const unexpected = paths.filter((path) => !/^(dist\/.*\.(js|d\.ts)|package\.json|README\.md|LICENSE)$/.test(path))
  if (unexpected.length > 0) fail(`${filename} contains ${unexpected.join(', ')}.`)
  return [name, `file:${join(out, filename)}`]
})

for (const name of readdirSync(join(root, 'examples'))) {
  const folder = join(root, 'examples', name)
  if (!name.startsWith('plugin-')) continue
  const stage = mkdtempSync(join(tmpdir(), 'apkg-example-'))
  try {
    cpSync(folder, stage, {recursive: true, filter: (path) => !path.includes('node_modules')})
    const manifest = JSON.parse(readFileSync(join(stage, 'package.json'), 'utf8'))
    const {dependencies = {}} = manifest
    if ('@apkg/command-kit' in dependencies) Object.assign(dependencies, Object.fromEntries(packedKit))
    writeFileSync(join(stage, 'package.json'), JSON.stringify(manifest, undefined, 2))
    console.log(join(out, pack(stage).filename))
  } finally {
    rmSync(stage, {recursive: true, force: true})
  }
}

function pack(folder) {
  const {status, stdout} = spawnSync('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', out], {
    cwd: folder,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
    shell: process.platform === 'win32',
  })
  if (status !== 0) fail(`npm pack failed in ${folder}.`)
  // npm 12 prints an object keyed by package name; earlier versions print an array.
  return Object.values(JSON.parse(stdout))[0]
}
