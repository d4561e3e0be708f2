import rule from './disable-reason.js'
import {testRule} from './rule-tester.js'

const file = 'src/a.ts'

testRule('disable-reason', rule, {
  valid: [
    [file, `// eslint-disable-next-line no-console -- the demo prints\nf()`],
    [file, `f() // eslint-disable-line no-console -- the demo prints`],
    [file, `/* eslint-disable no-console, no-alert -- the demo prints */`],
    [file, `/* eslint-enable no-console */`],
    [file, `// eslint-disabled is a word`],
  ],
  invalid: [
    [file, `// eslint-disable-next-line no-console\nf()`, 'reason'],
    [file, `f() // eslint-disable-line no-console`, 'reason'],
    [file, `/* eslint-disable no-console */`, 'reason'],
    [file, `/* eslint-disable-next-line -- all of them */`, 'rule'],
    [file, `/* eslint-disable */`, 'rule', 'reason'],
  ],
})
