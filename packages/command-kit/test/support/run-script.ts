import {spawn, type ChildProcess} from 'node:child_process'
import {once} from 'node:events'
import {text} from 'node:stream/consumers'
import {fileURLToPath} from 'node:url'

const scripts = new URL('../processes/', import.meta.url)

/** Starts a script from `processes/` as a separate process. The scripts use the built kit. */
export function startScript(name: string, ...args: string[]): ChildProcess {
  const script = fileURLToPath(new URL(`${name}.js`, scripts))
  return spawn(process.execPath, [script, ...args], {stdio: ['ignore', 'pipe', 'pipe']})
}

/** Runs a script from `processes/` and waits until it exits. */
export async function runScript(
  name: string,
  ...args: string[]
): Promise<{stdout: string; stderr: string; code: number}> {
  const child = startScript(name, ...args)
  const [stdout, stderr, [code]] = await Promise.all([text(child.stdout!), text(child.stderr!), once(child, 'close')])
  return {stdout, stderr, code}
}
