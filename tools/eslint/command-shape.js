const isCommandClass = (node) =>
  node.type === 'ClassDeclaration' && /Command$/.test(node.superClass?.name ?? node.superClass?.property?.name ?? '')

/** Requires a command file to be one class with statics and `run`, and nothing after it. */
export default {
  meta: {
    type: 'problem',
    schema: [],
    messages: {
      last: 'End a command file with `export default class … extends …Command`.',
      one: 'A command file contains only one class.',
      member: 'A command has only statics and `run`. Move {{name}} to its own module.',
      run: 'A command needs a `run` method.',
    },
  },
  create(context) {
    return {
      Program(program) {
        const last = program.body.at(-1)
        const command = last?.type === 'ExportDefaultDeclaration' ? last.declaration : undefined
        if (!command || !isCommandClass(command)) {
          context.report({node: last ?? program, messageId: 'last'})
          return
        }
        const isRun = (member) => member.type === 'MethodDefinition' && member.key.name === 'run' && !member.static
        for (const member of command.body.body) {
          if (isRun(member) || (member.type === 'PropertyDefinition' && member.static)) continue
          const name = member.key ? `\`${context.sourceCode.getText(member.key)}\`` : 'a static block'
          context.report({node: member, messageId: 'member', data: {name}})
        }
        if (!command.body.body.some(isRun)) context.report({node: command, messageId: 'run'})
      },
      'ClassDeclaration, ClassExpression'(node) {
        if (node.parent.type !== 'ExportDefaultDeclaration') context.report({node, messageId: 'one'})
      },
    }
  },
}
