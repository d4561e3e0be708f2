import {spawn} from 'node:child_process'

import {finish, type Ports} from '@apkg/command-kit'
import {withoutSecrets} from '@apkg/command-kit/secret-variables'

/**
 * Shows a long text in the user's pager on a terminal: `PAGER`, or else less. Without a terminal or a pager, writes it to
 * stdout.
 */
export async function page(text: string, ports: Pick<Ports, 'stdout' | 'stdin' | 'env' | 'finish'>): Promise<void> {
  const {stdout, stdin, env} = ports
  const [program = '', ...args] = (env['PAGER'] ?? (process.platform === 'win32' ? '' : 'less')).split(' ')
  const isPaged =
    stdout.isTerminal && stdin.isTerminal && stdout.isDumb !== true && program !== '' && text !== ''
      ? // Ctrl-C belongs to the pager.
        await finish(ports, () => runPager(program, args, {text, env}))
      : false
  if (!isPaged) await stdout.write(text)
}

/** @returns false if it couldn't be started. */
function runPager(
  program: string,
  args: readonly string[],
  {text, env}: {text: string; env: NodeJS.ProcessEnv},
): Promise<boolean> {
  return new Promise((resolve) => {
    // F: quit if the text fits on the screen. R: keep colors. X: leave the text on the screen.
    const options = {env: {LESS: 'FRX', ...withoutSecrets(env)}, windowsHide: true}
    const child = spawn(program, args, {...options, stdio: ['pipe', 'inherit', 'inherit']})
    child.on('error', () => {
      resolve(false)
    })
    child.on('close', () => {
      resolve(true)
    })
    // The user can quit before the end.
    child.stdin.on('error', () => undefined)
    child.stdin.end(text)
  })
}
