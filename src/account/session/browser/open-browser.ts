import {spawn} from 'node:child_process'
import path from 'node:path'

import {type Ports, withoutSecrets} from '@apkg/command-kit'

/** Whether a browser on this machine can be opened for the user: there is a display, and it isn't that of another machine. */
export function canOpenBrowser(env: NodeJS.ProcessEnv, platform = process.platform): boolean {
  if (['SSH_CONNECTION', 'SSH_CLIENT', 'SSH_TTY'].some((name) => env[name])) return false
  if (platform === 'win32' || platform === 'darwin') return true
  return ['DISPLAY', 'WAYLAND_DISPLAY'].some((name) => env[name])
}

/**
 * Opens an address in the user's browser, without a shell and without waiting for it. Failures are ignored, because the
 * address is printed, too.
 *
 * @param url of the registry; it starts with `http`, so no program treats it as an option
 */
export function openBrowser(url: string, {env}: Pick<Ports, 'env'>, platform = process.platform): void {
  const [program, ...args] = openerOf(env, platform)
  const options = {env: withoutSecrets(env), detached: true, stdio: 'ignore', windowsHide: true} as const
  const child = spawn(program, [...args, url], options)
  child.once('error', () => undefined)
  child.unref()
}

/** The program that opens an address, and its arguments. Windows would look for a name in the current folder first. */
export function openerOf(env: NodeJS.ProcessEnv, platform: NodeJS.Platform): [string, ...string[]] {
  if (platform === 'darwin') return ['open']
  if (platform === 'win32') {
    const program = path.win32.join(env['SystemRoot'] ?? 'C:\\Windows', 'System32', 'rundll32.exe')
    return [program, 'url.dll,FileProtocolHandler']
  }
  return ['xdg-open']
}
