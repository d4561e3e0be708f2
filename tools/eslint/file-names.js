import {pathFromRoot} from './paths.js'

const vague = /^(.+[-_.])?(utils?|utilities|helpers?|common|misc|managers?)$/i

/** Disallows vague names of files and folders. */
export default {
  meta: {type: 'suggestion', schema: [], messages: {vague: "'{{part}}' is vague. Name it after what it does."}},
  create(context) {
    return {
      Program(node) {
        const parts = pathFromRoot(context.filename).split('/')
        const part = parts.find((each) => vague.test(each.replace(/(\.test)?\.[cm]?[jt]sx?$/, '')))
        if (part) context.report({node, loc: {line: 1, column: 0}, messageId: 'vague', data: {part}})
      },
    }
  },
}
