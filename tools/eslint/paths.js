import {dirname, join, relative, resolve, sep} from 'node:path'

const root = resolve(import.meta.dirname, '../..')

/** Returns the path of a linted file relative to the root of the repository, with forward slashes. */
export function pathFromRoot(filename) {
  return relative(root, filename).split(sep).join('/')
}

/** Returns the absolute path. The inverse of `pathFromRoot`. */
export function fromRoot(path) {
  return join(root, path)
}

/** Returns the directory of the package that a file belongs to: `packages/<name>`, or `''` for the CLI. */
export function packageOf(path) {
  return /^packages\/[^/]+/.exec(path)?.[0] ?? ''
}

/** Resolves a relative import to a path relative to the root. */
export function resolveFrom(file, specifier) {
  return pathFromRoot(resolve(dirname(fromRoot(file)), specifier))
}
