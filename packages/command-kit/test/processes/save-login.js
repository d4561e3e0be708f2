// Saves a login: `save-login.js <home> <registry> <username>`.
import {CredentialStore, Secret} from '@apkg/command-kit'

const [home, registry, username] = process.argv.slice(2)
const accessToken = new Secret(`access-${username}`)
await new CredentialStore(home).save({registry, accessToken, refreshToken: new Secret('refresh'), username})
