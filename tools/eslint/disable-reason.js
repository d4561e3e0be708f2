/** Requires a comment that disables a rule to name the rule and, after `--`, the reason. */
export default {
  meta: {
    type: 'problem',
    schema: [],
    messages: {
      reason: 'Give a reason after `--`.',
      rule: 'Name the rules to disable.',
    },
  },
  create(context) {
    return {
      Program() {
        for (const comment of context.sourceCode.getAllComments()) {
          const directive = /^\s*eslint-disable(?:-next-line|-line)?(?![\w-])([^]*)$/.exec(comment.value)
          if (!directive) continue
          const [rules, reason = ''] = directive[1].split(/\s-{2,}\s/)
          // Reported before the comment, because after it the rule would be disabled.
          const loc = {start: {...comment.loc.start, column: -1}, end: comment.loc.end}
          if (rules.trim() === '') context.report({loc, messageId: 'rule'})
          if (reason.trim() === '') context.report({loc, messageId: 'reason'})
        }
      },
    }
  },
}
