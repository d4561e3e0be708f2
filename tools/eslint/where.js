import {dirname, join, relative, resolve, sep} from 'node:path'

const root = resolve(import.meta.dirname, '../..')

/** The path of a linted file relative to the root of the repository, with forward slashes. */
export function pathFromRoot(filename) {
  return relative(root, filename).split(sep).join('/')
}

/** The absolute path of a path relative to the root. The inverse of `pathFromRoot`. */
export function fromRoot(path) {
  return join(root, path)
}

/** The folder of the package that a file belongs to: `packages/<name>`, or `''` for the CLI. */
export function packageOf(path) {
  return /^packages\/[^/]+/.exec(path)?.[0] ?? ''
}

/** The path, relative to the root, that a relative import resolves to. */
export function resolveFrom(file, specifier) {
  return pathFromRoot(resolve(dirname(fromRoot(file)), specifier))
}
