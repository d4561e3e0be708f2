/**
 * Compiles the tests of every package from `test/` to `test-dist/` next to it, so that relative paths in tests stay valid.
 * Imports of `src/` become imports of `dist/`, so tests run against what was built.
 */
import {mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {dirname, join, relative, resolve, sep} from 'node:path'

import {build as bundle} from 'esbuild'

import {filesBelow, root} from './workspace.js'

/** The directories with tests, relative to the root. */
export const testFolders = ['test', ...readdirSync(join(root, 'packages')).map((name) => `packages/${name}/test`)]

/** The directory for what `tools/test.js` generates besides compiled tests, relative to the root. */
export const generatedFolder = 'test-dist/generated'

const isTest = (path) => !/(^|\/)(node_modules|fixtures)\/|\.d\.m?ts$/.test(path)

/** Returns the path of a compiled source. Both are relative to the root. */
export function compiledPath(path) {
  return path
    .replace(/^((?:packages\/[^/]+\/)?)src(?=\/|$)/, '$1dist')
    .replace(/^((?:packages\/[^/]+\/)?)test(?=\/|$)/, '$1test-dist')
    .replace(/\.ts$/, '.js')
}

const fromRoot = (path) => relative(root, path).split(sep).join('/')

/** Points imports of sources to their compiled files. Other imports are unchanged. */
const compiledImports = {
  name: 'compiled-imports',
  setup({onResolve}) {
    onResolve({filter: /.*/}, ({path, resolveDir, kind}) => {
      if (kind === 'entry-point') return undefined
      if (!path.startsWith('.')) return {path, external: true}
      const importer = compiledPath(fromRoot(resolveDir))
      const imported = relative(importer, compiledPath(fromRoot(resolve(resolveDir, path))))
        .split(sep)
        .join('/')
      return {path: imported.startsWith('.') ? imported : `./${imported}`, external: true}
    })
  },
}

async function compileFolder(folder) {
  const sources = filesBelow(join(root, folder)).filter(isTest)
  if (sources.length === 0) return
  const outdir = join(root, compiledPath(folder))
  const {outputFiles} = await bundle({
    absWorkingDir: root,
    entryPoints: sources.filter((path) => /\.m?[jt]s$/.test(path)).map((path) => join(root, folder, path)),
    outbase: join(root, folder),
    outdir,
    write: false,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    sourcemap: 'inline',
    logLevel: 'warning',
    loader: {'.js': 'copy', '.mjs': 'copy'},
    plugins: [compiledImports],
  })
  for (const {path, contents} of outputFiles) writeChanged(path, contents)
  const written = new Set(outputFiles.map(({path}) => path))
  for (const path of filesBelow(outdir).map((each) => join(outdir, each))) {
    if (!written.has(path) && !path.startsWith(join(root, generatedFolder))) rmSync(path)
  }
}

/** Doesn't touch unchanged files, because running tests may be reading them. */
export function writeChanged(path, contents) {
  try {
    if (readFileSync(path).equals(contents)) return
  } catch {
    mkdirSync(dirname(path), {recursive: true})
  }
  writeFileSync(path, contents)
}

export async function compileTests() {
  await Promise.all(testFolders.map(compileFolder))
}
