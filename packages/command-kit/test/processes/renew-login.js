// Renews a login and prints its access token: `renew-login.js <home> <registry> <server> <rejected access token>`.
import {CredentialStore, Secret} from '@apkg/command-kit'

const [home, registry, server, rejected] = process.argv.slice(2)
const renewed = await new CredentialStore(home).renew(registry, new Secret(rejected), async (token) => {
  const answer = await fetch(server, {method: 'POST', body: token.expose()})
  const {accessToken, refreshToken} = await answer.json()
  return {accessToken: new Secret(accessToken), refreshToken: new Secret(refreshToken)}
})
process.stdout.write(renewed?.accessToken.expose() ?? 'none')
