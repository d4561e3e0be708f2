/** Refuses to open a `Secret`; the configuration names the folders that may. */
export default {
  meta: {
    type: 'problem',
    schema: [],
    messages: {expose: 'Only the client and the credential store open a secret; hand the `Secret` on.'},
  },
  create(context) {
    return {
      MemberExpression(node) {
        const name = node.computed ? node.property.value : node.property.name
        if (name === 'expose') context.report({node, messageId: 'expose'})
      },
    }
  },
}
