/** Disallows exposing a `Secret`, except in the files that the configuration lists. */
export default {
  meta: {
    type: 'problem',
    schema: [],
    messages: {expose: 'Only the client and the credential store may expose a secret. Pass the `Secret` on.'},
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
