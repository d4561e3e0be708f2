import type {Ports, RegistryClient} from '@apkg/command-kit'
import type {BrowserProof, BrowserRequest} from '@apkg/wire/protocol'

import {approveInBrowser, type BrowserOptions} from './browser-approval.js'
import {loginPurpose, type NewLogin, newLogin} from './new-login.js'

/**
 * Logs in with a browser.
 *
 * @throws {ApkgError} the errors of `approveInBrowser`
 */
export async function logInWithBrowser(
  client: RegistryClient,
  ports: Ports,
  options: BrowserOptions,
): Promise<NewLogin> {
  const approval = {
    purpose: loginPurpose,
    request: (body: BrowserRequest) => client.call('requestBrowserLogin', {body}),
    complete: (body: BrowserProof) => client.call('completeBrowserLogin', {body}),
  }
  return newLogin(await approveInBrowser(client, approval, ports, options), client.registry)
}
