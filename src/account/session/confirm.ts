import {isInteractive, printable, refusalBehind, type Ports, type RegistryClient} from '@apkg/command-kit'
import type {BrowserProof, BrowserRequest} from '@apkg/wire/protocol'

import {failure} from '../failures.js'
import {type BrowserPage, browserPageText} from './browser/decision.js'
import {offersBrowser} from './browser/offers-browser.js'
import {typedCommand} from './typed-command.js'

export interface ConfirmationFlags {
  'password-stdin': boolean
  otp?: string | undefined
}

/** An action that may require a recent login, and its command. */
export interface Confirmable {
  /** Completes "Confirm your password to …". */
  purpose: string
  /** Such as `token create`. */
  command: string
  argv: readonly string[]
  flags: ConfirmationFlags
}

/** Attempts at the password and the code on a terminal. */
const maxAttempts = 3

/**
 * Runs an action that may require a recent login. If it does, asks the user to confirm the password, and the second
 * factor if the account has one, and runs the action again.
 *
 * @throws {ApkgError} `CONFIRMATION_REQUIRED` if there is no terminal and no `--password-stdin`;
 *   `CONFIRMATION_REJECTED` for a wrong password or code.
 */
export async function withConfirmation<Result>(
  client: RegistryClient,
  confirmable: Confirmable,
  ports: Ports,
  work: () => Promise<Result>,
): Promise<Result> {
  try {
    return await work()
  } catch (error) {
    const refusal = refusalBehind(error)
    if (refusal?.code !== 'STEP_UP_REQUIRED') throw error
    const needsCode = refusal.details.some(({field}) => field === 'code')
    await confirm(client, {...confirmable, needsCode, reason: refusal.message}, ports)
    return work()
  }
}

async function confirm(
  client: RegistryClient,
  wanted: Confirmable & {needsCode: boolean; reason: string},
  ports: Ports,
): Promise<void> {
  const canAsk = isInteractive(ports) && !wanted.flags['password-stdin']
  if (canAsk && wanted.flags.otp === undefined && (await prefersBrowser(client, wanted, ports))) {
    return confirmInBrowser(client, ports)
  }
  for (let attempt = 1; ; attempt++) {
    const proof = canAsk ? await askFor(wanted, ports) : await readFrom(wanted, ports, client.registry)
    try {
      await client.call('stepUp', {body: proof})
      return
    } catch (error) {
      const refusal = refusalBehind(error)
      const isWrong = refusal?.code === 'LOGIN_FAILED' || refusal?.code === 'MFA_FAILED'
      if (!isWrong) throw error
      if (!canAsk || attempt === maxAttempts) {
        throw failure('CONFIRMATION_REJECTED', {registry: client.registry, reason: refusal.reason}, {cause: refusal})
      }
      await ports.stderr.write(`${printable(refusal.reason)}. Try again.\n`)
    }
  }
}

async function prefersBrowser(
  client: RegistryClient,
  {purpose}: Pick<Confirmable, 'purpose'>,
  {prompts}: Ports,
): Promise<boolean> {
  if (!(await offersBrowser(client))) return false
  const choices = [
    {name: 'Enter your password', value: false},
    {name: 'Confirm in your browser', value: true},
  ]
  return prompts.select({message: `Confirm that it's you to ${purpose}`, choices})
}

/** @throws {ApkgError} the errors of `approveInBrowser` */
async function confirmInBrowser(client: RegistryClient, ports: Ports): Promise<void> {
  const approval = {
    purpose: 'confirm with a browser',
    request: (body: BrowserRequest) => client.call('requestBrowserConfirmation', {body}),
    complete: (body: BrowserProof) => client.call('completeBrowserConfirmation', {body}),
  }
  const announce = (page: BrowserPage) => void ports.stderr.write(`${browserPageText(page)}\n`)
  const {approveInBrowser} = await import('./browser/browser-approval.js')
  await approveInBrowser(client, approval, ports, {opens: true, announce})
}

async function askFor({purpose, needsCode, flags: {otp}}: Confirmable & {needsCode: boolean}, {prompts}: Ports) {
  const password = await prompts.password({message: `Confirm your password to ${purpose}`})
  if (!needsCode) return {password}
  const code = otp ?? (await prompts.text({message: 'Authentication code or recovery code', validate: isGiven}))
  return {password, code}
}

async function readFrom(
  {purpose, command, argv, flags, needsCode}: Confirmable & {needsCode: boolean},
  {stdin}: Ports,
  registry: string,
) {
  const lines = flags['password-stdin'] ? (await stdin.readAll('a password')).split(/\r?\n/) : []
  const [password = '', second = ''] = lines
  const code = flags.otp ?? (second || undefined)
  const missing = [
    ...(flags['password-stdin'] ? [] : ['--password-stdin']),
    ...(needsCode && code === undefined ? ['--otp <code>'] : []),
  ]
  if (password === '' || missing.length > 0) {
    const run = typedCommand(command, argv, missing)
    throw failure('CONFIRMATION_REQUIRED', {purpose, registry, run})
  }
  return {password, ...(code !== undefined && {code})}
}

function isGiven(answer: string): true | string {
  return answer.trim() !== '' || 'Enter a value, or press Ctrl-C to cancel.'
}
