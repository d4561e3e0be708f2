import rule from './file-names.js'
import {testRule} from './rule-tester.js'

testRule('file-names', rule, {
  valid: [
    ['src/views/token-table.ts', ''],
    ['src/commands/token/list.ts', ''],
    ['packages/command-kit/src/commonmark.ts', ''],
  ],
  invalid: [
    ['src/utils.ts', '', 'vague'],
    ['src/token-utils.ts', '', 'vague'],
    ['src/helpers/a.ts', '', 'vague'],
    ['test/helper.test.ts', '', 'vague'],
    ['src/common/a.ts', '', 'vague'],
    ['packages/plugin-registry/src/server/session-manager.ts', '', 'vague'],
    ['tools/Util.js', '', 'vague'],
  ],
})
