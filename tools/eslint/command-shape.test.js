import rule from './command-shape.js'
import {testRule} from './rule-tester.js'

const file = 'src/commands/token/list.ts'

testRule('command-shape', rule, {
  valid: [
    [
      file,
      `import a from 'a'; export default class TokenList extends RegistryCommand { static flags = {}; async run() {} }`,
    ],
    [file, `type Row = {id: string}; export default class A extends kit.RegistryCommand<Row> { run() {} }`],
    [file, `const examples = ['<%= config.bin %>']; export default class A extends Command { run() {} }`],
  ],
  invalid: [
    [file, ``, 'last'],
    [file, `export class A extends Command { run() {} }`, 'last', 'one'],
    [file, `export default class A { run() {} }`, 'last'],
    [file, `export default class A extends Base { run() {} }`, 'last'],
    [file, `export default class A extends Command { run() {} } function below() {}`, 'last'],
    [file, `export default class A extends Command {}`, 'run'],
    [file, `export default class A extends Command { static run() {} }`, 'run', 'member'],
    [file, `export default class A extends Command { run() {} private ask() {} }`, 'member'],
    [file, `export default class A extends Command { run() {} #ask() {} }`, 'member'],
    [file, `export default class A extends Command { count = 0; run() {} }`, 'member'],
    [file, `export default class A extends Command { static { go() } run() {} }`, 'member'],
    [file, `class Row {} export default class A extends Command { run() {} }`, 'one'],
  ],
})
