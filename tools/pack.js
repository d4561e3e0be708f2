#!/usr/bin/env node
/**
 * Packs the CLI and the registry plugin: `npm run release:pack [-- --out folder]`. The CLI is bundled. The plugin
 * includes `@apkg/wire`, `@apkg/package-format` and `@apkg/command-kit`, so that both install without a published
 * package; npm fetches the rest. Prints the paths of the tarballs to stdout, one per line.
 */
import {spawnSync} from 'node:child_process'
import {existsSync, mkdirSync, mkdtempSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join, resolve} from 'node:path'
import {parseArgs} from 'node:util'

import {layOutRelease} from './release/lay-out.js'
import {copy, published, readManifest, writeManifest} from './release/stage.js'
import {build, fail, assertNoLeftovers, root} from './workspace.js'

const bundled = ['packages/wire', 'packages/package-format', 'packages/command-kit']

const bundledFiles = ['wire/dist/index.js', 'package-format/dist/archive/index.js', 'command-kit/dist/index.js']

/** The packages to pack, and the files that each tarball must contain. */
const releases = [
  {
    name: 'apkg',
    layOut: layOutRelease,
    needed: [
      'bin/run.js',
      'dist/start.js',
      'dist/chunks/every-start.js',
      'README.md',
      'docs/reference.md',
      'node_modules/yarn/bin/yarn.js',
      'schemas/error.json',
      'schemas/token/create.json',
    ],
  },
  {
    name: '@apkg/plugin-registry',
    layOut: (stage) => layOut('packages/plugin-registry', stage),
    needed: [
      'README.md',
      'assets/style.css',
      'dist/commands/registry/serve.js',
      'oclif.manifest.json',
      'schemas/registry/serve.json',
      ...bundledFiles.map((file) => `node_modules/@apkg/${file}`),
    ],
  },
]

/**
 * Merges the dependencies of a package and of the packages bundled with it. The bundled packages must not list any,
 * because npm treats the dependencies of a bundled package as bundled too, and wouldn't fetch them.
 */
function mergeDependencies(manifest, inners) {
  const merged = {...manifest.dependencies}
  for (const {name, dependencies = {}} of inners) {
    for (const [dependency, range] of Object.entries(dependencies)) {
      merged[dependency] ??= range
      if (merged[dependency] === range) continue
      fail(`${name} needs ${dependency} ${range}, but ${manifest.name} has ${merged[dependency]}.`)
    }
  }
  return Object.fromEntries(Object.entries(merged).sort(([a], [b]) => (a < b ? -1 : 1)))
}

/** Copies the contents of a package's tarball to `stage`. */
function layOut(folder, stage) {
  assertNoLeftovers(folder)
  const manifest = readManifest(folder)
  for (const path of [...manifest.files, 'README.md']) {
    if (existsSync(join(root, folder, path))) copy(folder, path, join(stage, path))
  }
  copy('', 'LICENSE', join(stage, 'LICENSE'))

  const inners = bundled.map((each) => layOutBundled(each, stage))
  writeManifest(stage, {
    ...published(manifest),
    dependencies: mergeDependencies(manifest, inners),
    bundleDependencies: inners.map(({name}) => name),
  })
}

/** Copies a bundled package to the stage and returns its package.json. */
function layOutBundled(folder, stage) {
  assertNoLeftovers(folder)
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
  // npm 12 prints an object keyed by package name; earlier versions print an array.
  const [{filename, files}] = Object.values(answer)
  return {tarball: join(out, filename), files: files.map(({path}) => path)}
}

/** Fails if a tarball doesn't contain a needed file, or contains a file that belongs only in the checkout. */
function inspect(tarball, files, needed) {
  const missing = ['package.json', 'LICENSE', ...needed].filter((path) => !files.includes(path))
  if (missing.length > 0) fail(`${tarball} does not contain ${missing.join(', ')}.`)
  const unexpected = files.filter(
    (path) =>
      /\.tsbuildinfo$|(?<!\.d)\.ts$|\.test\.|^(node_modules\/@apkg\/[^/]+\/)?(src|test|tools)\//.test(path) ||
      /node_modules\/(?!@apkg\/|yarn\/)/.test(path),
  )
  if (unexpected.length > 0) fail(`${tarball} contains ${unexpected.join(', ')}.`)
}

const {values} = parseArgs({options: {out: {type: 'string', default: 'release'}}})
const out = resolve(values.out)
mkdirSync(out, {recursive: true})
build()
for (const {name, layOut, needed} of releases) {
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
