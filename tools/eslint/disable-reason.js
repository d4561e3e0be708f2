/** A comment that turns a rule off names the rule and, after `--`, the reason. */
export default {
  meta: {
    type: 'problem',
    schema: [],
    messages: {
      reason: 'Say why after `--`.',
      rule: 'Name the rules that are turned off.',
    },
  },
  create(context) {
    return {
      Program() {
        for (const comment of context.sourceCode.getAllComments()) {
          const directive = /^\s*eslint-disable(?:-next-line|-line)?(?![\w-])([^]*)$/.exec(comment.value)
          if (!directive) continue
          const [rules, reason = ''] = directive[1].split(/\s-{2,}\s/)
          // Reported from before the comment, where it is not yet in force.
          const loc = {start: {...comment.loc.start, column: -1}, end: comment.loc.end}
          if (rules.trim() === '') context.report({loc, messageId: 'rule'})
          if (reason.trim() === '') context.report({loc, messageId: 'reason'})
        }
      },
    }
  },
}
