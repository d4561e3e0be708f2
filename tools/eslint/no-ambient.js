const restricted = new Set(['stdout', 'stderr', 'stdin', 'env', 'exit', 'cwd', 'chdir', 'argv'])
const modules = new Set(['process', 'node:process', 'console', 'node:console'])
const globals = new Set(['process', 'console'])

const nameOf = (member) => (member.computed ? member.property.value : member.property.name)

/** Disallows `process` and `console` outside the seams. Other code gets streams, environment and directories from ports. */
export default {
  meta: {
    type: 'problem',
    schema: [],
    messages: {
      ambient: 'Use the ports instead of {{what}}.',
      passed: 'Do not pass `process` on. Use the ports instead.',
    },
  },
  create(context) {
    const ambient = (node, what) => context.report({node, messageId: 'ambient', data: {what: `\`${what}\``}})

    function checkReference(node) {
      const {parent} = node
      if (parent.type === 'TSTypeQuery' || parent.type === 'TSQualifiedName') return
      if (node.name === 'console') return ambient(node, 'console')
      const isObject = parent.type === 'MemberExpression' && parent.object === node
      if (!isObject || (parent.computed && typeof nameOf(parent) !== 'string')) {
        return context.report({node, messageId: 'passed'})
      }
      if (restricted.has(nameOf(parent))) ambient(parent, `process.${nameOf(parent)}`)
    }

    return {
      ImportDeclaration(node) {
        if (modules.has(node.source.value)) ambient(node, node.source.value)
      },
      MemberExpression(node) {
        if (node.object.name === 'globalThis' && globals.has(nameOf(node))) ambient(node, `globalThis.${nameOf(node)}`)
      },
      'Program:exit'(program) {
        const scope = context.sourceCode.getScope(program)
        const declared = scope.variables.filter(({name, defs}) => globals.has(name) && defs.length === 0)
        const references = [...scope.through, ...declared.flatMap((variable) => variable.references)]
        for (const {identifier} of references) {
          if (globals.has(identifier.name)) checkReference(identifier)
        }
      },
    }
  },
}
