const searches = new Set(['includes', 'startsWith', 'endsWith', 'match', 'matchAll', 'search', 'indexOf'])
const comparisons = new Set(['===', '!==', '==', '!='])

/** Also matches `(error as Error).message` and `error?.message`. */
function isMessage(node) {
  if (['TSAsExpression', 'TSNonNullExpression', 'ChainExpression'].includes(node?.type))
    return isMessage(node.expression)
  return node?.type === 'MemberExpression' && (node.property.name ?? node.property.value) === 'message'
}

/** Disallows branching on the message of an error, because its wording can change. */
export default {
  meta: {
    type: 'problem',
    schema: [],
    messages: {branch: 'Do not branch on `message`. Use the code, the status or the class.'},
  },
  create(context) {
    const report = (node) => context.report({node, messageId: 'branch'})
    return {
      CallExpression(node) {
        const {callee} = node
        if (callee.type !== 'MemberExpression') return
        if (searches.has(callee.property.name) && isMessage(callee.object)) report(node)
        if (['test', 'exec'].includes(callee.property.name) && node.arguments.some(isMessage)) report(node)
      },
      BinaryExpression(node) {
        if (comparisons.has(node.operator) && (isMessage(node.left) || isMessage(node.right))) report(node)
      },
      SwitchStatement(node) {
        if (isMessage(node.discriminant)) report(node)
      },
    }
  },
}
