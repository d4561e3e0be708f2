import {spawn, type ChildProcess} from 'node:child_process'
import {once} from 'node:events'
import {text} from 'node:stream/consumers'
import {fileURLToPath} from 'node:url'

const scripts = new URL('../processes/', import.meta.url)

/** Starts one of the scripts of `processes/`, which use the built kit, as a process of its own. */
export function startScript(name: string, ...args: string[]): ChildProcess {
  const script = fileURLToPath(new URL(`${name}.js`, scripts))
  return spawn(process.execPath, [script, ...args], {stdio: ['ignore', 'pipe', 'pipe']})
}

/** Runs one of the scripts of `processes/` to its end. */
export async function runScript(
  name: string,
  ...args: string[]
): Promise<{stdout: string; stderr: string; code: number}> {
  const child = startScript(name, ...args)
  const [stdout, stderr, [code]] = await Promise.all([text(child.stdout!), text(child.stderr!), once(child, 'close')])
  return {stdout, stderr, code}
}
