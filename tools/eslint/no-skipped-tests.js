const suites = new Set(['it', 'test', 'describe', 'suite'])
const modifiers = new Set(['only', 'skip', 'todo'])

const isComparison = ({type, operator}) =>
  type === 'BinaryExpression' || (type === 'UnaryExpression' && operator === '!')

/**
 * Disallows `only`, tests that are always skipped, and conditions without a reason. A test can still skip itself under a
 * condition: `{skip: isMissing && 'why'}`.
 */
export default {
  meta: {
    type: 'problem',
    schema: [],
    messages: {
      skipped: '`{{name}}` skips tests. Fix the test or remove it.',
      unexplained: 'Say why the test is skipped: `{skip: condition && "reason"}`.',
    },
  },
  create(context) {
    const report = (node, name) => context.report({node, messageId: 'skipped', data: {name}})
    return {
      MemberExpression(node) {
        const {object, property} = node
        if (suites.has(object.name) && modifiers.has(property.name)) report(node, `${object.name}.${property.name}`)
      },
      'CallExpression > ObjectExpression > Property'(node) {
        const call = node.parent.parent
        if (!suites.has(call.callee.name) || !modifiers.has(node.key.name)) return
        if (node.value.type === 'Literal' && node.value.value !== false) report(node, node.key.name)
        if (isComparison(node.value)) context.report({node, messageId: 'unexplained'})
      },
    }
  },
}
