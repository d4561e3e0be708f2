const tests = new Set(['it', 'test'])

/** A title that starts like this continues the title of its `describe`. */
const verb = /^(is|are|can|cannot|has|have|does|do|fails?|returns?|reports?) /

/** The text of a title, with `x` in place of each value; undefined unless it is a literal or a template. */
const textOf = (node) => {
  if (node?.type === 'Literal') return String(node.value)
  if (node?.type === 'TemplateLiteral') return node.quasis.map(({value}) => value.cooked).join('x')
  return undefined
}

/** Requires the title of a test to start with its subject, so that it can be understood in a list of failures. */
export default {
  meta: {
    type: 'suggestion',
    schema: [],
    messages: {
      subject: 'Start the title with its subject and a colon: `revoke: an unknown label revokes nothing`.',
      literal: 'Write the title where the test is, starting with its subject: `` it(`revoke: ${what}`, …) ``.',
    },
  },
  create(context) {
    return {
      CallExpression({callee, arguments: [title]}) {
        if (!tests.has(callee.name) || title === undefined) return
        const text = textOf(title)
        if (text === undefined) context.report({node: title, messageId: 'literal'})
        else if (verb.test(text) || !/^[^\s:][^:]{0,60}: \S/.test(text))
          context.report({node: title, messageId: 'subject'})
      },
    }
  },
}
