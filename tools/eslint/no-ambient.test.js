import rule from './no-ambient.js'
import {testRule} from './rule-tester.js'

const file = 'src/a.ts'

testRule('no-ambient', rule, {
  valid: [
    [file, `process.platform; process['version']; process.once('SIGTERM', stop); process.exitCode = 1`],
    [file, `ports.stdout.write('a'); ports.env.APKG_TOKEN`],
    [file, `function f(process) { return process.env }`],
    [file, `function f(console) { console.log(1) }`],
    [file, `type Process = typeof process; type Out = typeof process.stdout`],
    [file, `const record = {process: 1, console: 2}; record.console`],
  ],
  invalid: [
    [file, `process.stdout.write('a')`, 'ambient'],
    [file, `process.stderr`, 'ambient'],
    [file, `process.stdin.isTTY`, 'ambient'],
    [file, `process.env['HOME']`, 'ambient'],
    [file, `process['env'].HOME`, 'ambient'],
    [file, `process.exit(1)`, 'ambient'],
    [file, `process.cwd()`, 'ambient'],
    [file, `const {env} = process`, 'passed'],
    [file, `start(process)`, 'passed'],
    [file, `process[name]`, 'passed'],
    [file, `globalThis.process.env`, 'ambient'],
    [file, `globalThis.console.log(1)`, 'ambient'],
    [file, `console.log(1)`, 'ambient'],
    [file, `items.forEach(console.log)`, 'ambient'],
    [file, `import {env} from 'node:process'`, 'ambient'],
    [file, `import {Console} from 'console'`, 'ambient'],
  ],
})
