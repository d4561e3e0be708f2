const suites = new Set(['it', 'test', 'describe', 'suite'])
const leavings = new Set(['only', 'skip', 'todo'])

/**
 * Refuses tests that are left out or that leave the others out. A test may still skip where a condition, written as an
 * expression, says that it cannot run.
 */
export default {
  meta: {
    type: 'problem',
    schema: [],
    messages: {left: '`{{name}}` leaves tests out; mend the test or remove it.'},
  },
  create(context) {
    const report = (node, name) => context.report({node, messageId: 'left', data: {name}})
    return {
      MemberExpression(node) {
        const {object, property} = node
        if (suites.has(object.name) && leavings.has(property.name)) report(node, `${object.name}.${property.name}`)
      },
      'CallExpression > ObjectExpression > Property'(node) {
        const call = node.parent.parent
        if (!suites.has(call.callee.name) || !leavings.has(node.key.name)) return
        if (node.value.type === 'Literal' && node.value.value !== false) report(node, node.key.name)
      },
    }
  },
}
