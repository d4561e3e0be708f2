import {packageOf, pathFromRoot, resolveFrom} from './where.js'

const domain = /^src\/(?!commands\/|hooks\/|entry\/)/
const test = /^(packages\/[^/]+\/)?test\//
const server = /^packages\/plugin-registry\/src\/server\//

/** What a file may not import. The first field says which files, the second which packages, the third why. */
const arrows = [
  [/^packages\/wire\/src\//, /^(apkg|@apkg\/.*)$/, 'wire stands alone'],
  [
    /^packages\/package-format\/src\//,
    /^(apkg|@apkg\/(?!wire$).*)$/,
    'package-format imports wire and no other workspace',
  ],
  [/^packages\/command-kit\/src\//, /^(apkg|@apkg\/(?!wire$).*)$/, 'command-kit imports wire and no other workspace'],
  [server, /^(@apkg\/command-kit|@oclif\/.*)$/, 'the server knows nothing of the command line'],
  [/^packages\/plugin-registry\//, /^apkg$/, 'the registry plugin uses what any plugin may use'],
  [/^src\//, /^@apkg\/plugin-registry$/, 'the command line is installed without the registry'],
  [domain, /^@oclif\/.*$/, 'only commands, hooks and the entry know oclif'],
]

/** Folders whose parts import only themselves and what comes after them. */
const layers = {
  'src/': [
    'commands',
    'hooks',
    'entry',
    'views',
    'machine',
    'publish',
    'tools',
    'project',
    'trust',
    'catalog',
    'account',
    'files',
  ],
}

function layerProblem(file, target) {
  for (const [folder, order] of Object.entries(layers)) {
    if (!file.startsWith(folder) || !target.startsWith(folder)) continue
    const [from, to] = [file, target].map((path) => path.slice(folder.length).split('/')[0])
    if (!order.includes(from) || !order.includes(to))
      return `${folder}${order.includes(from) ? to : from} has no place in the order of layers`
    if (order.indexOf(to) < order.indexOf(from)) return `${from} lies below ${to}`
  }
  return undefined
}

const packageName = (specifier) => specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/')

function problem(file, specifier) {
  if (!specifier.startsWith('.')) {
    return arrows.find(([files, packages]) => files.test(file) && packages.test(packageName(specifier)))?.[2]
  }
  const target = resolveFrom(file, specifier)
  // Tests are not published: what one workspace tests with, another may test with too.
  if (test.test(file) && test.test(target)) return undefined
  if (packageOf(target) !== packageOf(file)) return 'another workspace is imported by its package name'
  if (server.test(file) && !server.test(target)) return 'the server imports nothing beside its own folder'
  return layerProblem(file, target)
}

/** Holds the directions in which the workspaces may import one another. */
export default {
  meta: {type: 'problem', schema: [], messages: {arrow: "Cannot import '{{specifier}}' here: {{why}}."}},
  create(context) {
    const file = pathFromRoot(context.filename)
    const check = ({source}) => {
      if (typeof source?.value !== 'string') return
      const why = problem(file, source.value)
      if (why) context.report({node: source, messageId: 'arrow', data: {specifier: source.value, why}})
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
