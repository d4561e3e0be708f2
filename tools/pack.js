#!/usr/bin/env node
/**
 * Packs the CLI and the registry plugin: `npm run release:pack [-- --out folder]`. The CLI is bundled. The plugin
 * includes `@apkg/wire`, `@apkg/package-format` and `@apkg/command-kit`, so that both install without a published
 * package; npm fetches the rest. Prints the paths of the tarballs to stdout, one a line.
 */
import {spawnSync} from 'node:child_process'
import {existsSync, mkdirSync, mkdtempSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join, resolve} from 'node:path'
import {parseArgs} from 'node:util'

import {layOutRelease} from './release/lay-out.js'
import {copy, published, readManifest, writeManifest} from './release/stage.js'
import {build, fail, refuseLeftovers, root} from './workspace.js'

const carried = ['packages/wire', 'packages/package-format', 'packages/command-kit']

const carriedFiles = ['wire/dist/index.js', 'package-format/dist/archive/index.js', 'command-kit/dist/index.js']

/** What is packed, and the files that each tarball must contain. */
const packed = [
  {
    name: 'apkg',
    layOut: layOutRelease,
    needed: [
      'bin/run.js',
      'dist/start.js',
      'dist/chunks/every-start.js',
      'README.md',
      'docs/reference.md',
      'schemas/error.json',
      'schemas/token/create.json',
    ],
  },
  {
    name: '@apkg/plugin-registry',
    layOut: (stage) => layOut('packages/plugin-registry', stage),
    needed: [
      'README.md',
      'dist/commands/registry/serve.js',
      'oclif.manifest.json',
      'schemas/registry/serve.json',
      ...carriedFiles.map((file) => `node_modules/@apkg/${file}`),
    ],
  },
]

/**
 * The dependencies of a package and of the packages bundled with it. The bundled packages lose theirs: npm treats the
 * dependencies of a bundled package as bundled too, and would not fetch them.
 */
function joinedDependencies(manifest, inners) {
  const joined = {...manifest.dependencies}
  for (const {name, dependencies = {}} of inners) {
    for (const [dependency, range] of Object.entries(dependencies)) {
      joined[dependency] ??= range
      if (joined[dependency] === range) continue
      fail(`${name} needs ${dependency} ${range}, but ${manifest.name} has ${joined[dependency]}.`)
    }
  }
  return Object.fromEntries(Object.entries(joined).sort(([a], [b]) => (a < b ? -1 : 1)))
}

/** Copies the contents of a package's tarball to `stage`. */
function layOut(folder, stage) {
  refuseLeftovers(folder)
  const manifest = readManifest(folder)
  for (const path of [...manifest.files, 'README.md']) {
    if (existsSync(join(root, folder, path))) copy(folder, path, join(stage, path))
  }
  copy('', 'LICENSE', join(stage, 'LICENSE'))

  const inners = carried.map((each) => layOutCarried(each, stage))
  writeManifest(stage, {
    ...published(manifest),
    dependencies: joinedDependencies(manifest, inners),
    bundleDependencies: inners.map(({name}) => name),
  })
}

/** Copies a bundled package to the stage and returns its package.json. */
function layOutCarried(folder, stage) {
  refuseLeftovers(folder)
  const manifest = readManifest(folder)
  const place = join(stage, 'node_modules', manifest.name)
  for (const path of manifest.files) copy(folder, path, join(place, path))
  copy('', 'LICENSE', join(place, 'LICENSE'))
  const {dependencies, ...rest} = published(manifest)
  writeManifest(place, rest)
  return {...rest, dependencies}
}

/** Packs a stage. Returns the path of the tarball and the paths inside it. */
function packStage(stage, out) {
  const {status, stdout} = spawnSync('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', out], {
    cwd: stage,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
    shell: process.platform === 'win32',
  })
  if (status !== 0) fail('npm pack failed.')
  const answer = JSON.parse(stdout)
  // npm 12 prints an object keyed by package name; earlier versions print a list.
  const [{filename, files}] = Object.values(answer)
  return {tarball: join(out, filename), files: files.map(({path}) => path)}
}

/** Fails if a tarball lacks a needed file or contains a file that belongs in the checkout only. */
function inspect(tarball, files, needed) {
  const missing = ['package.json', 'LICENSE', ...needed].filter((path) => !files.includes(path))
  if (missing.length > 0) fail(`${tarball} lacks ${missing.join(', ')}.`)
  const unexpected = files.filter(
    (path) =>
      /\.tsbuildinfo$|(?<!\.d)\.ts$|\.test\.|^(node_modules\/@apkg\/[^/]+\/)?(src|test|tools)\//.test(path) ||
      /node_modules\/(?!@apkg\/)/.test(path),
  )
  if (unexpected.length > 0) fail(`${tarball} contains ${unexpected.join(', ')}.`)
}

const {values} = parseArgs({options: {out: {type: 'string', default: 'release'}}})
const out = resolve(values.out)
mkdirSync(out, {recursive: true})
build()
for (const {name, layOut, needed} of packed) {
  const stage = mkdtempSync(join(tmpdir(), 'apkg-pack-'))
  try {
    await layOut(stage)
    const {tarball, files} = packStage(stage, out)
    inspect(tarball, files, needed)
    console.error(`Packed ${name} (${files.length} files)`)
    console.log(tarball)
  } finally {
    rmSync(stage, {recursive: true, force: true})
  }
}
