import {existsSync, readdirSync, readFileSync} from 'node:fs'

import {fromRoot, packageOf, pathFromRoot, resolveFrom} from './paths.js'

const source = /^(?:packages\/[^/]+\/)?src\//

/** The relative imports of a TypeScript file, lazy ones and those of types included. */
const imported = /(?:\bfrom|\bimport)\s*\(?\s*'(\.[^']+)'/g

/** The imports between the rooms of each package, by package: from each room to the others that it imports. */
const graphs = new Map()

/**
 * The part of a package that a file belongs to: its directory. Files directly in `src/`, and the index of a directory,
 * present what is below them, so each is a separate part.
 */
function roomOf(path) {
  const [folder, name] = [path.slice(0, path.lastIndexOf('/')), path.slice(path.lastIndexOf('/') + 1)]
  return folder.endsWith('src') || /^index\.[jt]s$/.test(name) ? path.replace(/\.js$/, '.ts') : folder
}

function graphOf(sources) {
  const graph = new Map()
  if (!existsSync(fromRoot(sources))) return graph
  for (const entry of readdirSync(fromRoot(sources), {recursive: true, withFileTypes: true})) {
    const file = `${pathFromRoot(entry.parentPath)}/${entry.name}`
    if (!/\.tsx?$/.test(file)) continue
    const targets = [...readFileSync(fromRoot(file), 'utf8').matchAll(imported)].map(([, to]) => resolveFrom(file, to))
    const rooms = graph.get(roomOf(file)) ?? new Set()
    for (const target of targets) rooms.add(roomOf(target))
    graph.set(roomOf(file), rooms)
  }
  return graph
}

/** Whether a room imports another, directly or through others. */
function reaches(graph, from, to, seen = new Set()) {
  if (from === to) return true
  if (seen.has(from)) return false
  seen.add(from)
  return [...(graph.get(from) ?? [])].some((next) => reaches(graph, next, to, seen))
}

/** Rejects imports between two directories of a package that import each other, directly or through others. */
export default {
  meta: {
    type: 'problem',
    schema: [],
    messages: {circle: "'{{to}}' imports '{{from}}' too, so move what both need to a directory that imports neither."},
  },
  create(context) {
    const file = pathFromRoot(context.filename)
    if (!source.test(file)) return {}
    const sources = `${packageOf(file)}/src`.replace(/^\//, '')
    const check = ({source: specifier}) => {
      if (typeof specifier?.value !== 'string' || !specifier.value.startsWith('.')) return
      const [from, to] = [file, resolveFrom(file, specifier.value)].map(roomOf)
      if (from === to) return
      if (!graphs.has(sources)) graphs.set(sources, graphOf(sources))
      if (reaches(graphs.get(sources), to, from)) {
        context.report({node: specifier, messageId: 'circle', data: {from, to}})
      }
    }
    return {
      ImportDeclaration: check,
      ImportExpression: check,
      ExportNamedDeclaration: check,
      ExportAllDeclaration: check,
      TSImportType: check,
    }
  },
}
