import {packageOf, pathFromRoot, resolveFrom} from './paths.js'

const domain = /^src\/(?!commands\/|hooks\/|entry\/)/
const test = /^(packages\/[^/]+\/)?test\//
const server = /^packages\/plugin-registry\/src\/server\//

/** Forbidden imports: a pattern for files, a pattern for packages, and the reason. */
const arrows = [
  [/^packages\/wire\/src\//, /^(apkg|@apkg\/.*)$/, 'wire must not import another workspace'],
  [/^packages\/package-format\/src\//, /^(apkg|@apkg\/(?!wire$).*)$/, 'package-format may only import wire'],
  [/^packages\/command-kit\/src\//, /^(apkg|@apkg\/(?!wire$).*)$/, 'command-kit may only import wire'],
  [server, /^(@apkg\/command-kit|@oclif\/.*)$/, 'the server must not depend on the CLI'],
  [/^packages\/plugin-registry\//, /^apkg$/, 'the registry plugin may only use what every plugin can use'],
  [/^src\//, /^@apkg\/plugin-registry$/, 'the CLI is installed without the registry'],
  [domain, /^@oclif\/.*$/, 'only commands, hooks and the entry may import oclif'],
]

/** Directories whose parts may import only themselves and the parts listed after them. */
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
  'packages/command-kit/src/': [
    'index',
    'testing',
    'registry-command',
    'apkg-command',
    'global-flags',
    'kit-version',
    'tools',
    'reporting',
    'completion',
    'delivery',
    'client',
    'trusted-publishing',
    'credentials',
    'registry',
    'ports',
    'terminal',
    'config',
    'files',
    'errors',
  ],
  'packages/plugin-registry/src/': ['commands', 'views', 'operator', 'server'],
  'packages/plugin-registry/src/server/': [
    'app',
    'config',
    'handlers',
    'publishing',
    'auth',
    'packages',
    'keys',
    'metrics',
    'web',
    'previews',
    'http',
    'move',
    'backup',
    'webhooks',
    'operations',
    'store',
    'blobs',
  ],
}

const store = 'packages/plugin-registry/src/server/store/'

const web = 'packages/plugin-registry/src/server/web/'

/** Pages call endpoints, which check permissions. They can't read data another way. */
function webProblem(file, target) {
  if (!file.startsWith(web) || target.startsWith(web)) return undefined
  const isAllowed = /^packages\/plugin-registry\/src\/server\/(?:http|previews)\//.test(target)
  return isAllowed ? undefined : 'pages call endpoints, which check permissions'
}

/** The rules of the store don't know the database that runs them, and a database doesn't know the rules. */
function storeProblem(file, target) {
  const isIn = (folder) => (path) => path.startsWith(`${store}${folder}/`)
  const [isRule, isEngine] = [isIn('rules'), isIn('sqlite')]
  if (isRule(file) && isEngine(target)) return 'rules run on any database'
  if (isEngine(file) && isRule(target)) return 'a database runs any rules'
  return undefined
}

function layerProblem(file, target) {
  for (const [folder, order] of Object.entries(layers)) {
    if (!file.startsWith(folder) || !target.startsWith(folder)) continue
    const [from, to] = [file, target].map((path) =>
      path
        .slice(folder.length)
        .split('/')[0]
        .replace(/\.[jt]sx?$/, ''),
    )
    if (!order.includes(from) || !order.includes(to))
      return `${folder}${order.includes(from) ? to : from} is missing from the order of layers`
    if (order.indexOf(to) < order.indexOf(from)) return `${from} is a lower layer than ${to}`
  }
  return undefined
}

const packageName = (specifier) => specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/')

function problem(file, specifier) {
  if (!specifier.startsWith('.')) {
    return arrows.find(([files, packages]) => files.test(file) && packages.test(packageName(specifier)))?.[2]
  }
  const target = resolveFrom(file, specifier)
  // Tests are not published, so the workspaces may share test code.
  if (test.test(file) && test.test(target)) return undefined
  if (packageOf(target) !== packageOf(file)) return 'import another workspace by its package name'
  if (server.test(file) && !server.test(target)) return 'the server may only import its own modules'
  return webProblem(file, target) ?? layerProblem(file, target) ?? storeProblem(file, target)
}

/** Enforces the directions of imports between workspaces and between layers. */
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
