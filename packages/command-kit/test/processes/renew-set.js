// Renews the set of a registry by asking a server: `renew-set.js <home> <registry> <server> <rejected access token>`.
// Prints the access token to go on with.
import {CredentialStore, Secret} from '@apkg/command-kit'

const [home, registry, server, rejected] = process.argv.slice(2)
const renewed = await new CredentialStore(home).renew(registry, new Secret(rejected), async (token) => {
  const answer = await fetch(server, {method: 'POST', body: token.expose()})
  const {accessToken, refreshToken} = await answer.json()
  return {accessToken: new Secret(accessToken), refreshToken: new Secret(refreshToken)}
})
process.stdout.write(renewed?.accessToken.expose() ?? 'none')
