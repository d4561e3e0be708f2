/**
 * Combines test files into few processes. Loading the modules under test takes longer than running most tests, and a
 * batch loads them once.
 */
import {mkdirSync, readFileSync} from 'node:fs'
import {dirname, join, relative, sep} from 'node:path'

import {compiledPath, generatedFolder, writeChanged} from './compile-tests.js'
import {root} from './workspace.js'

const maxBatchSize = 12

/** Hooks outside a `describe` would run for all files of a batch. */
const hasHooksForProcess = (path) => /^(before|after)(Each)?\(/m.test(readFileSync(join(root, path), 'utf8'))

/** The tests of a package load the same modules. */
const packageOf = (path) => /^packages\/[^/]+|^[^/]+/.exec(path)[0]

/**
 * Writes the batches of some test files.
 *
 * @param files sources, as paths from the root.
 * @returns the compiled files to run, as paths from the root: batches, and files that need their own process.
 */
export function writeBatches(files) {
  const alone = files.filter(hasHooksForProcess)
  const others = files.filter((path) => !alone.includes(path))
  const batches = [...new Set(others.map(packageOf))].flatMap((name) =>
    deal(others.filter((path) => packageOf(path) === name)).map((batch, index) =>
      writeBatch(`${name.replace('/', '-')}-${index + 1}.js`, batch),
    ),
  )
  return [...batches, ...alone.map(compiledPath)]
}

/** Deals files into batches of about the same length. Neighbors, which often take equally long, go to different batches. */
function deal(paths) {
  const count = Math.ceil(paths.length / maxBatchSize)
  return Array.from({length: count}, (_, first) => paths.filter((_, index) => index % count === first))
}

function writeBatch(name, paths) {
  const file = join(generatedFolder, 'batches', name)
  const imports = paths.map((path) => `import '${relative(dirname(file), compiledPath(path)).split(sep).join('/')}'\n`)
  mkdirSync(dirname(join(root, file)), {recursive: true})
  writeChanged(join(root, file), Buffer.from(imports.join('')))
  return file
}
