import rule from './no-expose.js'
import {testRule} from './rule-tester.js'

const file = 'src/a.ts'

testRule('no-expose', rule, {
  valid: [
    [file, `class Secret { expose() {} }`],
    [file, `send(secret); expose(secret)`],
  ],
  invalid: [
    [file, `secret.expose()`, 'expose'],
    [file, `secret?.expose()`, 'expose'],
    [file, `secret['expose']()`, 'expose'],
    [file, `const open = secret.expose`, 'expose'],
  ],
})
