import {dirname, join, relative, resolve, sep} from 'node:path'

const root = resolve(import.meta.dirname, '../..')

/** A linted file's path from the root of the repository, with forward slashes. */
export function pathFromRoot(filename) {
  return relative(root, filename).split(sep).join('/')
}

/** The absolute form of a path from the root of the repository; the inverse of `pathFromRoot`. */
export function fromRoot(path) {
  return join(root, path)
}

/** The folder of the package that a path from the root belongs to: `packages/<name>`, or `''` for the command line. */
export function packageOf(path) {
  return /^packages\/[^/]+/.exec(path)?.[0] ?? ''
}

/** Where a relative import in a file leads, from the root. */
export function resolveFrom(file, specifier) {
  return pathFromRoot(resolve(dirname(fromRoot(file)), specifier))
}
