import rule from './command-statics.js'
import {testRule} from './rule-tester.js'

const file = 'src/commands/token/list.ts'
const head = `static override readonly summary = 'a'; static override readonly examples = ['b'];`
const command = (body) => `export default class A extends Command { ${body} async run() {} }`

testRule('command-statics', rule, {
  valid: [
    [file, command(head)],
    [
      file,
      command(`static override readonly summary = 'a'; static override readonly description = 'b';
        static override readonly examples = []; static override readonly aliases = []; static override readonly strict = false;
        static readonly auth = 'required'; static override readonly args = {}; static override readonly flags = {};`),
    ],
    [file, `const table = {}; class Row { static name = 1 }`],
  ],
  invalid: [
    [file, command(''), 'missing', 'missing'],
    [file, command(`static override readonly summary = 'a';`), 'missing'],
    [file, command(`${head} static override flags = {};`), 'modifiers'],
    [file, command(`static readonly summary = 'a'; static override readonly examples = ['b'];`), 'modifiers'],
    [file, command(`static override readonly examples = []; static override readonly summary = 'a';`), 'order'],
    [file, command(`${head} static override readonly flags = {}; static readonly auth = 'none';`), 'order'],
    [file, command(`${head} static readonly auth = 'none'; static override readonly strict = false;`), 'order'],
    [file, command(`${head} static override readonly flags = {}; static override readonly args = {};`), 'order'],
    [file, command(`${head} static override readonly description = 'c';`), 'order'],
  ],
})
