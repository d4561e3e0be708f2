const order = ['summary', 'description', 'examples', undefined, 'auth', 'args', 'flags']
const required = ['summary', 'examples']

/** The position of a static. Those not listed go between examples and auth. */
const rank = (name) => order.indexOf(order.includes(name) ? name : undefined)

/** Requires a command to have a summary and examples, and its statics to be `static override readonly` and in order. */
export default {
  meta: {
    type: 'problem',
    schema: [],
    messages: {
      missing: 'A command needs `static override readonly {{name}}`.',
      modifiers: 'Declare `{{name}}` as `static {{modifiers}}`.',
      order:
        'Move `{{name}}` before `{{before}}`. The order is summary, description, examples, others, auth, args, flags.',
    },
  },
  create(context) {
    return {
      'ExportDefaultDeclaration > ClassDeclaration'(command) {
        const statics = command.body.body.filter((member) => member.type === 'PropertyDefinition' && member.static)
        for (const name of required) {
          if (!statics.some(({key}) => key.name === name)) {
            context.report({node: command.id ?? command, messageId: 'missing', data: {name}})
          }
        }
        statics.forEach((member, position) => {
          const {name} = member.key
          const override = required.includes(name)
          if (!member.readonly || (override && !member.override)) {
            const modifiers = override ? 'override readonly' : 'readonly'
            context.report({node: member, messageId: 'modifiers', data: {name, modifiers}})
          }
          const before = statics.slice(0, position).find((earlier) => rank(earlier.key.name) > rank(name))
          if (before) context.report({node: member, messageId: 'order', data: {name, before: before.key.name}})
        })
      },
    }
  },
}
